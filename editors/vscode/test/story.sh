#!/usr/bin/env bash
# Plays test/story.test.mjs: the packaged extension in a real VS Code, with a real nixlint.
set -euo pipefail
cd "$(dirname "$0")/.."

code_server=${NIXLINT_CODE_SERVER:-$HOME/.cache/nixlint-code-server}
bash test/install-code-server.sh "$code_server"
[ -d node_modules ] || npm ci --ignore-scripts --no-audit --no-fund
npm run --silent package -- --out nixlint.vsix

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd ../.. && CGO_ENABLED=0 go build -o "$work/nixlint" ./cmd/nixlint)
NIXLINT_PROGRAM=$work/nixlint NIXLINT_CODE_SERVER=$code_server node --test --test-reporter spec test/story.test.mjs
