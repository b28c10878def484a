#!/bin/sh
# Validates SARIF files the way GitHub reads them: validate.sh FILE...
# Run `npm ci` in this folder first. Fails on any error or warning.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
system=$(uname -s | tr '[:upper:]' '[:lower:]') # linux or darwin
tool=$here/node_modules/@microsoft/sarif-multitool-$system/Sarif.Multitool

if [ $# -eq 0 ]; then
	echo "usage: $0 FILE..." >&2
	exit 2
fi
if [ ! -f "$tool" ]; then
	echo "$0: the validator is not there; run 'npm ci' in $here" >&2
	exit 2
fi
[ -x "$tool" ] || chmod u+x "$tool" # npm ci --ignore-scripts leaves it plain

# The validator wants ICU unless told that nothing here depends on a language.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
status=0
for file in "$@"; do
	# The binary rather than its npm wrapper, for which the shell would split the rule kinds at the semicolon.
	if ! "$tool" validate "$file" --rule-kind 'Sarif;Ghas' --level 'Error;Warning' \
		--output "$out/log.sarif" --log ForceOverwrite >"$out/talk" 2>&1; then
		cat "$out/talk" >&2
		status=1
		continue
	fi
	# Its exit code is 0 even for a file that is not JSON: only what it wrote counts.
	node "$here/verdict.js" "$file" "$out/log.sarif" || status=1
	rm -f "$out/log.sarif"
done
exit $status
