#!/bin/bash
# Shows the mail flow on this machine alone: a private Postfix on loopback, Vaguemestre beside it in enforce mode, a
# dozen messages sent over SMTP, and what became of each. The held one is released and seen delivered. Then the
# service stays up until Ctrl-C. Ends with a failure when anything differs from what is expected.
# usage: deploy/demo.sh [--once] [--policy FOLDER] [--picture FILE]
#   --once            end when all is shown
#   --policy FOLDER   articles to use in place of config/policy
#   --picture FILE    also draw what is shown, as an SVG picture (deploy/demo.svg is made so)
# Needs Rust and a C compiler, and root or sudo, for Postfix. Says what it installs; leaves nothing running or behind.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tests/support/packages.sh
echo "building (the first time takes some minutes)"
cargo build --quiet --release --locked --bins --examples
demo=${CARGO_TARGET_DIR:-target}/release/examples/demo
[ "$(id -u)" = 0 ] || exec sudo "$demo" "$@"
exec "$demo" "$@"
