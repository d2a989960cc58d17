#!/bin/bash
# Gets what the demo and the tests need from Debian's packages, and says what it does.
# usage: packages.sh [PROGRAM=PACKAGE...]    such as  packages.sh miltertest=miltertest
#
# Postfix always; it is installed without a configuration and never started. Where another mail server stands
# (exim4, sendmail ...), it is left alone: Postfix is then unpacked under target/postfix and used from there.
# Changes nothing when all is there. Needs root, or sudo, only to install.
set -euo pipefail
cd "$(dirname "$0")/../.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
say() { echo "packages: $*"; }
fail() { echo "packages: $*" >&2; exit 1; }

missing=()
for program in cargo cc; do
  command -v $program > /dev/null || fail "$program is missing: install Rust (https://rustup.rs) and a C compiler (apt-get install gcc)"
done
[ "$(id -u)" = 0 ] || command -v sudo > /dev/null || fail "neither root nor sudo: Postfix needs one of them to run"
for need in "$@"; do
  command -v "${need%%=*}" > /dev/null || missing+=("${need#*=}")
done

target=${CARGO_TARGET_DIR:-target}
unpack=
if [ ! -x /usr/lib/postfix/sbin/master ] && [ ! -x "$target/postfix/usr/sbin/postfix" ]; then
  command -v apt-get > /dev/null || fail "Postfix is missing, and there is no apt-get to install it with"
  mta=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}: ${Provides}\n' | sed -n 's/^ii *\([^:]*\): .*\bmail-transport-agent\b.*/\1/p' | head -1)
  if [ -n "$mta" ]; then
    say "$mta is this machine's mail server and is left alone; Postfix goes to $target/postfix"
    unpack=yes
  else
    missing+=(postfix)
  fi
fi
[ -n "$unpack" ] || [ ${#missing[@]} -gt 0 ] || { say "nothing to install"; exit 0; }

as_root apt-get update -qq

# Nothing that is installed here may start: invoke-rc.d asks policy-rc.d first (101 = not allowed).
guard=/usr/sbin/policy-rc.d
if [ ! -e $guard ]; then
  trap 'as_root rm -f $guard' EXIT
  printf '#!/bin/sh\nexit 101\n' | as_root tee $guard > /dev/null
  as_root chmod 755 $guard
fi
install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" > /dev/null; }

if [ ${#missing[@]} -gt 0 ]; then
  say "installing: ${missing[*]}"
  if [[ " ${missing[*]} " = *" postfix "* ]]; then
    command -v debconf-set-selections > /dev/null || install debconf
    echo "postfix postfix/main_mailer_type select No configuration" | as_root debconf-set-selections
  fi
  install "${missing[@]}"
fi
if [ -n "$unpack" ]; then
  libraries=$(apt-cache depends postfix | sed -n 's/^ *Depends: \(lib[^ ]*\)$/\1/p')
  say "installing: $(echo $libraries)"
  install $libraries
  mkdir -p "$target"
  folder=$(mktemp -d "$target/postfix.XXXXXX")
  chmod 755 "$folder"
  (cd "$folder" && apt-get download -qq postfix && dpkg -x postfix_*.deb . && rm postfix_*.deb)
  rm -rf "$target/postfix"
  mv "$folder" "$target/postfix"
  say "unpacked: postfix"
fi
