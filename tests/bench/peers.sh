#!/bin/bash
# Measures detection beside the peers that exist for it, in one run on the same text. usage: tests/bench/peers.sh
# Peers: grep and ripgrep with one regular expression (a floor: no validator, no name, no context) and Presidio's pattern
# recognisers without a language model (PyPI presidio-analyzer, in target/presidio). Figures are processor time, MB a second.
set -euo pipefail
cd "$(dirname "$0")/../.."

presidio=2.2.366
texts=$PWD/target/bench-texts
venv=target/presidio
nam='[A-Za-z]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}'

echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg); $(rustc --version)"
cargo bench --locked --bench detection -- --write "$texts"
cargo bench --locked --bench detection

# Prints the speed of a command over a file that it reads twenty times: its processor time, MB a second.
speed() {
  local name=$1 file=$2; shift 2
  local before after bytes
  bytes=$(stat -c %s "$file")
  before=$(spent); for _ in $(seq 20); do "$@" "$file" > /dev/null || true; done; after=$(spent)
  awk -v name="$name" -v bytes="$bytes" -v time="$(awk -v a="$after" -v b="$before" 'BEGIN { print a - b }')" \
    'BEGIN { printf "%-26s %8.1f MB/s\n", name, 20 * bytes / 1e6 / (time > 0 ? time : 0.001) }'
}
# Processor seconds of all children so far.
spent() { awk '{ print ($16 + $17) / 100 }' "/proc/$$/stat"; }

for file in "$texts"/mail.txt "$texts"/mail-about-patients.txt; do
  echo; echo "$(basename "$file" .txt), $(stat -c %s "$file") bytes, one expression for the NAM"
  speed "$(grep --version | head -1)" "$file" env LC_ALL=C grep -cE "$nam"
  if command -v rg > /dev/null; then speed "$(rg --version | head -1)" "$file" rg -c "$nam"; fi
done

[ -x $venv/bin/python ] || python3 -m venv $venv
$venv/bin/pip install --quiet "presidio-analyzer==$presidio"
echo
$venv/bin/python tests/bench/presidio.py "$texts"/mail.txt "$texts"/mail-about-patients.txt
