# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
# The compiler of kernels and modules as $cc: source this with $build set.

cc=gcc
if command -v ccache >/dev/null; then
	cc='ccache gcc'
	# Objects do not depend on the path of the tree.  CCACHE_DEPEND uses gcc's
	# list of headers instead of a run of the preprocessor, which would take a
	# quarter of a cold build.
	export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$build CCACHE_DEPEND=1
fi
