#!/bin/bash
# Puts axe-core (npm, for tests only) where the accessibility test of the pages looks for it: target/axe.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${CARGO_TARGET_DIR:-target}/axe
mkdir -p "$folder"
cp tests/web/axe/package.json tests/web/axe/package-lock.json "$folder"
[ -s "$folder/node_modules/axe-core/axe.min.js" ] || npm ci --prefix "$folder" --no-audit --no-fund
