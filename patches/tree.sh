#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Assemble the kernel trees: pristine source, and pristine + our files + patches.
set -euo pipefail
shopt -s inherit_errexit

usage() {
	cat <<'END'
Usage: patches/tree.sh [vanilla|utrace]

Brings $BUILDDIR/src/vanilla (the pristine source) and, unless "vanilla" is
asked for, $BUILDDIR/src/utrace (pristine + include/ + kernel/ +
patches/linux-6.1/) up to date.  Does nothing when they are.

Environment:
  KSRC      kernel source: a tree or a tarball
            (default: /usr/src/linux-source-6.1.tar.xz); a tree is copied,
            never modified
  BUILDDIR  where everything is put (default: build/ of the repository)
  PATCHES_UPTO  the last patch to apply (default: all of the series)
END
}

die() {
	echo "tree: $*" >&2
	exit 1
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${BUILDDIR:-$repo/build}
src=$build/src
patches=$repo/patches/linux-6.1
tarball=/usr/src/linux-source-6.1.tar.xz

case ${1:-utrace} in
-h | --help) usage; exit 0 ;;
vanilla | utrace) want=${1:-utrace} ;;
*) die "'$1' is no tree: use vanilla or utrace" ;;
esac

for tool in git rsync tar xz sha256sum flock; do
	command -v "$tool" >/dev/null ||
		die "$tool is missing: install the packages of configs/packages.txt"
done

# Nothing of the caller's git set-up may leak into the small repository below.
unset "${!GIT_@}"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

# A 6.1 tree?  $1: directory, $2: what the user knows it by
check_tree() {
	local version
	[ -f "$1/kernel/ptrace.c" ] ||
		die "$2 holds no Linux source: give a linux-6.1 tree or tarball in KSRC"
	version=$(awk '$1 == "VERSION" || $1 == "PATCHLEVEL" { printf "%s.", $3 }' "$1/Makefile")
	[ "$version" = 6.1. ] ||
		die "$2 is Linux ${version%.}, the patches are for 6.1: give a linux-6.1 tree in KSRC"
}

make_vanilla() {
	local origin tmp=$src/.vanilla.new
	origin=${KSRC:-$tarball}
	if [ -d "$origin" ]; then
		origin=$(cd "$origin" && pwd -P)
		check_tree "$origin" "$origin"
		if [ -e "$origin/.config" ] || [ -d "$origin/include/config" ]; then
			die "$origin has been built in: give a clean tree in KSRC ('make mrproper' cleans one)"
		fi
		if [ -n "$(git -C "$origin" diff --name-only HEAD -- kernel include fs 2>/dev/null | head -1)" ]; then
			echo "tree: note: $origin has uncommitted changes, they are taken as pristine" >&2
		fi
		# rsync keeps times, so an unchanged tree rebuilds nothing
		mkdir -p "$src"
		if [ -d "$src/vanilla" ] && [ "$(cat "$src/.vanilla.stamp" 2>/dev/null)" = "dir $origin" ]; then
			rsync -a --delete --exclude=/.git "$origin/" "$src/vanilla/" ||
				die "cannot copy $origin to $src/vanilla: see the message above"
			return
		fi
		rm -rf "$tmp"
		mkdir "$tmp"
		rsync -a --exclude=/.git "$origin/" "$tmp/" ||
			{ rm -rf "$tmp"; die "cannot copy $origin to $src: see the message above"; }
		install_vanilla "$tmp" "dir $origin"
		return
	fi
	if [ ! -f "$origin" ]; then
		[ -n "${KSRC:-}" ] && die "KSRC=$KSRC does not exist: give a linux-6.1 tree or tarball"
		die "$tarball is missing: apt-get install linux-source-6.1, or give a tree in KSRC"
	fi
	origin=$(readlink -f "$origin")
	local id why
	id="tar $origin $(stat -c '%s %Y' "$origin")"
	[ -d "$src/vanilla" ] && [ "$(cat "$src/.vanilla.stamp" 2>/dev/null)" = "$id" ] && return
	echo "tree: unpacking $origin" >&2
	mkdir -p "$src"
	rm -rf "$tmp"
	mkdir "$tmp"
	if ! why=$(tar -xf "$origin" -C "$tmp" --strip-components=1 2>&1 | head -n 1); then
		rm -rf "$tmp"
		die "cannot unpack $origin into $src: $why"
	fi
	( check_tree "$tmp" "$origin" ) || { rm -rf "$tmp"; exit 1; }
	install_vanilla "$tmp" "$id"
}

# A new pristine tree replaces the old one, and with it the assembled one.
install_vanilla() {
	rm -f "$src/.vanilla.stamp" "$src/.utrace.stamp"
	rm -rf "$src/vanilla" "$src/utrace"
	mv "$1" "$src/vanilla"
	echo "$2" >"$src/.vanilla.stamp"
}

# The patches of the series, one file name per line
series() {
	[ -f "$patches/series" ] || return 0
	sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$patches/series" |
		if [ -n "${PATCHES_UPTO:-}" ]; then sed "/^$PATCHES_UPTO\$/q"; else cat; fi
}

own_files() {
	(
		cd "$repo"
		for dir in include kernel; do
			[ ! -d "$dir" ] || find "$dir" -type f ! -name '.*' \
				! -name '*~' ! -name '*.orig' ! -name '*.rej'
		done
	) | LC_ALL=C sort
}

# What the assembled tree is made of, as one hash
utrace_id() {
	local p
	{
		cat "$src/.vanilla.stamp"
		echo "${PATCHES_UPTO:-}"
		if grep -q ^dir "$src/.vanilla.stamp"; then
			patched_files | while read -r p; do
				[ ! -f "$src/vanilla/$p" ] || sha256sum "$src/vanilla/$p"
			done
		fi
		series | while read -r p; do
			[ -f "$patches/$p" ] ||
				die "patches/linux-6.1/$p is missing but named in series: add it or take it out of series"
			sha256sum <"$patches/$p"
		done
		own_files | (cd "$repo" && xargs -r sha256sum)
	} | sha256sum
}

# Files the patches touch (either side of each diff)
patched_files() {
	series | while read -r p; do
		[ ! -f "$patches/$p" ] || sed -n -e 's|^--- a/||p' -e 's|^+++ b/||p' \
			-e 's/^rename \(from\|to\) //p' "$patches/$p"
	done | sed 's/\t.*//' | LC_ALL=C sort -u
}

# Apply the series in a small repository of the touched files; $1: its directory
apply_patches() {
	local stage=$1 p log
	mkdir -p "$stage"
	log=$stage.log
	patched_files | while read -r p; do
		[ ! -f "$src/vanilla/$p" ] || echo "$p"
	done | rsync -a --files-from=- "$src/vanilla/" "$stage/"
	(
		cd "$stage"
		git init -q .
		git config user.name utrace
		git config user.email utrace@localhost
		git add -Af .
		git commit -q --allow-empty -m pristine
		git tag pristine
	) >"$log" 2>&1 || die "cannot make $stage: $(tail -1 "$log")"
	for p in $(series); do
		git -C "$stage" am -q --whitespace=nowarn "$patches/$p" >"$log" 2>&1 ||
			die "patches/linux-6.1/$p does not apply to this tree ($(grep -m1 -E '^error: ' "$log" | sed 's/^error: //')): rebase the patch, or give the tree it was made for in KSRC"
	done
	rm -f "$log"
}

# Put one file into the assembled tree unless it is the same already: an
# unchanged file keeps its time and rebuilds nothing.
put() {
	local from=$1 to=$tree/$2 why
	cmp -s "$from" "$to" && return
	if ! why=$({ mkdir -p "${to%/*}" && cp "$from" "$to.new~" && mv -f "$to.new~" "$to"; } 2>&1); then
		rm -f "$to.new~"
		die "cannot write $to: $why"
	fi
}

make_utrace() {
	local id stage=$src/.stage tree=$src/utrace fresh='' kind f why
	id=$(utrace_id)
	[ -d "$tree" ] && [ "$(cat "$src/.utrace.stamp" 2>/dev/null)" = "$id" ] && return
	echo "tree: assembling $tree" >&2
	rm -rf "$stage"
	apply_patches "$stage"
	own_files >"$src/.own"
	while read -r f; do
		if [ -e "$src/vanilla/$f" ] || [ -e "$stage/$f" ]; then
			die "$f is a file of the kernel's: change it by a patch, not by a copy"
		fi
	done <"$src/.own"
	git -C "$stage" diff --no-renames --name-status pristine HEAD >"$src/.changed"

	rm -f "$src/.utrace.stamp"
	if [ ! -d "$tree" ]; then
		fresh=$tree
		tree=$src/.utrace.new
		rm -rf "$tree"
		if ! why=$(cp -a --reflink=auto "$src/vanilla" "$tree" 2>&1 | head -n 1); then
			rm -rf "$tree"
			die "cannot copy $src/vanilla: $why"
		fi
		: >"$src/.utrace.files"
	fi
	while read -r kind f; do
		if [ "$kind" = D ]; then
			rm -f "$tree/$f"
		else
			put "$stage/$f" "$f"
		fi
	done <"$src/.changed"
	while read -r f; do
		put "$repo/$f" "$f"
	done <"$src/.own"
	# What an earlier assembly put there and this one does not
	cut -f2 "$src/.changed" | cat - "$src/.own" | LC_ALL=C sort >"$src/.utrace.files.new"
	LC_ALL=C comm -23 "$src/.utrace.files" "$src/.utrace.files.new" | while read -r f; do
		if [ -f "$src/vanilla/$f" ]; then
			put "$src/vanilla/$f" "$f"
		else
			rm -f "$tree/$f"
			rmdir -p --ignore-fail-on-non-empty "$(dirname "$tree/$f")" 2>/dev/null || :
		fi
	done
	mv "$src/.utrace.files.new" "$src/.utrace.files"
	[ -z "$fresh" ] || mv "$tree" "$fresh"
	rm -rf "$stage" "$src/.own" "$src/.changed"
	echo "$id" >"$src/.utrace.stamp"
}

mkdir -p "$src" 2>/dev/null || die "cannot create $src: check the disk and BUILDDIR"
exec 8>"$build/.tree-lock"
flock 8
make_vanilla
[ "$want" = vanilla ] || make_utrace
