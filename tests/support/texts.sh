#!/bin/bash
# Unpacks Debian packages of text under target/texts, for tests that read what nobody here wrote. Installs nothing.
# usage: texts.sh PACKAGE...    prints the folder. The network is used for packages only, and only for those not there yet.
set -euo pipefail
cd "$(dirname "$0")/../.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

folder=${CARGO_TARGET_DIR:-target}/texts
mkdir -p "$folder"
updated=
for package in "$@"; do
  [ ! -d "$folder/$package" ] || continue
  part=$(mktemp -d "$folder/.part.XXXXXX")
  fetch() { (cd "$part" && apt-get download -qq "$package" > /dev/null 2>&1); }
  if ! fetch; then
    [ -n "$updated" ] || as_root apt-get update -qq >&2
    updated=yes
    fetch || { echo "texts: $package cannot be downloaded" >&2; exit 1; }
  fi
  (cd "$part" && dpkg -x ./*.deb . && rm ./*.deb)
  chmod 755 "$part"
  mv "$part" "$folder/$package"
done
echo "$folder"
