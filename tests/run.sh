#!/bin/bash
# Installs what the tests need from Debian's packages (it says what), then runs them all. As root or with sudo.
# Prints the time of each step; a step's output shows when it fails. Ends with "N passed, N failed".
# The network is used for packages and crates only. usage: tests/run.sh
set -uo pipefail
cd "$(dirname "$0")/.."

export CARGO_TERM_COLOR=never CARGO_INCREMENTAL=1
target=${CARGO_TARGET_DIR:-target}
logs=$target/run; mkdir -p "$logs"
passed=0 failed=0 started=$SECONDS

# Runs one step. It counts as its tests when it has some ("test result: ... N passed; M failed"), else as one.
step() {
  local name=$1 from=$SECONDS log; shift; log=$logs/${name// /-}.log
  printf '%-36s' "$name"
  "$@" > "$log" 2>&1
  local status=$? good bad
  good=$(sed -n 's/^test result: .* \([0-9]*\) passed; .*/\1/p' "$log" | paste -sd+ | bc_ )
  bad=$(sed -n 's/^test result: .* \([0-9]*\) failed; .*/\1/p' "$log" | paste -sd+ | bc_ )
  if [ $status = 0 ]; then
    [ "$good" != 0 ] || good=1
    printf 'ok     %5d s  %5d passed\n' $((SECONDS - from)) "$good"
  else
    [ "$bad" != 0 ] || bad=1
    printf 'FAILED %5d s  %5d failed\n' $((SECONDS - from)) "$bad"
    tail -150 "$log" | sed 's/^/    /'
  fi
  passed=$((passed + good)) failed=$((failed + bad))
  return $status
}
bc_() { local sum; read -r sum; echo $((${sum:-0})); }

# The commands of the README: each line of a block marked `sh`, so that what people are told to type works.
# This script is one of them, and the demo is told to end.
readme_commands() {
  local line block=
  while IFS= read -r line; do
    case $line in
      '```sh') block=yes; continue ;;
      '```') block=; continue ;;
    esac
    line=${line%%#*}
    [ -n "$block" ] && [ -n "${line// }" ] || continue
    case $line in
      *tests/run.sh*) continue ;;
      *deploy/demo.sh*) [[ $line = *--once* ]] || line="$line --once" ;;
    esac
    echo "\$ $line"
    bash -c "$line" || return
  done < <(cat README.md README.fr.md | awk '!seen[$0]++ || /^```/')
}

# The suite starts Postfix, which needs root; the rest runs as whoever calls.
suite() {
  [ "$(id -u)" = 0 ] || export "CARGO_TARGET_$(rustc -vV | sed -n 's/^host: //p' | tr a-z- A-Z_)_RUNNER=sudo -E"
  cargo test --release --locked --test suite
}

bash tests/support/packages.sh miltertest=miltertest pg_lsclusters=postgresql chromium=chromium chromedriver=chromium-driver npm=npm \
  pdftotext=poppler-utils tesseract=tesseract-ocr tesseract=tesseract-ocr-fra ||
  exit 1
bash tests/support/axe.sh || exit 1
cargo fmt --version > /dev/null && cargo clippy --version > /dev/null || { echo "rustup component add rustfmt clippy" >&2; exit 1; }

# One profile and one set of features for demo, tests and lints: what is built once is built.
build() { cargo build --release --locked --bins --examples && cargo test --release --locked --no-run; }

step "build" build || { echo "$passed passed, $((failed)) failed"; exit 1; }
built=$((SECONDS - started))
step "format" cargo fmt --check
step "unit tests" cargo test --release --locked --lib --bins
step "house rules and licences" cargo test --release --locked --test architecture
step "suite, with a real Postfix" suite
step "vaguemestre check" "$target/release/vaguemestre" check
step "lints" cargo clippy --release --locked --all-targets -- -D warnings
step "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --release --locked --no-deps
step "commands of the README" readme_commands

echo
echo "build $built s (bar 840 s on 2 cores from nothing), all $((SECONDS - started)) s (bar 2700 s)"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
