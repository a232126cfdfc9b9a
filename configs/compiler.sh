# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The compiler of kernels and modules as $cc: source this with $build set.

cc=gcc
if command -v ccache >/dev/null; then
	cc='ccache gcc'
	# where the tree lies is no part of what an object is; gcc's own list of
	# headers spares ccache a run of the preprocessor, a quarter of a cold build
	export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$build CCACHE_DEPEND=1
fi
