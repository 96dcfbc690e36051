#!/usr/bin/env bash
# Installs what the story needs: Chromium and ripgrep from Debian, and code-server, which is VS Code in a browser,
# from npm. It goes to the folder given, by default ~/.cache/nixlint-code-server, and is taken from there if it is
# there already.
#
# The scripts of its packages want to fetch programs, so they are not run: what is needed is built here.
set -euo pipefail

version=4.99.4 # the newest for Node.js 20
dir=${1:-$HOME/.cache/nixlint-code-server}
code_server=$dir/node_modules/code-server

missing=()
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
command -v rg >/dev/null || missing+=(ripgrep)
if [ ${#missing[@]} -gt 0 ]; then
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

if [ "$(cat "$dir/installed" 2>/dev/null || true)" = "$version" ]; then
	exit 0
fi
case $(node --version) in
v20.*) ;;
*)
	echo "code-server $version needs Node.js 20, not $(node --version)" >&2
	exit 1
	;;
esac
rm -rf "$dir"
mkdir -p "$dir"
cd "$dir"
echo '{ "private": true }' >package.json
npm install --ignore-scripts --no-audit --no-fund "code-server@$version"
(cd "$code_server/lib/vscode" && npm install --omit=dev --ignore-scripts --no-audit --no-fund)

# Native modules are built against the headers beside node, side by side: each is a few files.
node_gyp=$(npm root -g)/npm/node_modules/node-gyp/bin/node-gyp.js
nodedir=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
build() {
	local name=$1
	shift
	(cd "$name" && node "$node_gyp" rebuild --nodedir="$nodedir" "$@" >build.log 2>&1) || {
		cat "$name/build.log" >&2
		exit 1
	}
}
modules=$code_server/lib/vscode/node_modules
build "$modules/node-pty" &
pids=($!)
build "$modules/@vscode/spdlog" &
pids+=($!)
build "$modules/native-watchdog" &
pids+=($!)
build node_modules/argon2 --module_name=argon2 --module_path=../lib/binding/napi-v3 &
pids+=($!)
for pid in "${pids[@]}"; do
	wait "$pid"
done

mkdir -p "$modules/@vscode/ripgrep/bin"
ln -sf "$(command -v rg)" "$modules/@vscode/ripgrep/bin/rg"
ln -sfn node_modules "$code_server/lib/vscode/node_modules.asar"
node "$code_server/out/node/entry.js" --version
echo "$version" >installed
