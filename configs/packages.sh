#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Install what a list of packages names and this machine lacks.
set -euo pipefail

case ${1:-} in
-h | --help)
	echo 'Usage: configs/packages.sh [LIST]'
	echo 'Installs the missing packages of configs/LIST (default: packages.txt) with'
	echo 'apt-get when run as root; else prints the command that does it, and exits 1.'
	exit 0
	;;
esac

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
list=$here/${1:-packages.txt}
command -v dpkg-query >/dev/null || {
	echo "packages: this is no Debian: install what $list names by other means" >&2
	exit 1
}
missing=()
while read -r package _; do
	case $package in '' | '#'*) continue ;; esac
	status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || :)
	[ "$status" = 'install ok installed' ] || missing+=("$package")
done <"$list"
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "packages: some are missing, run: sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
	exit 1
fi
echo "packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q </dev/null || echo 'packages: apt-get update failed, trying with the lists there are' >&2
apt-get install -qy --no-install-recommends "${missing[@]}" </dev/null || {
	echo "packages: apt-get could not install ${missing[*]}: see above" >&2
	exit 1
}
