#!/usr/bin/env bash
# Scans every tenant of testdata and the demo, and validates the SARIF with the SARIF multitool. Needs go and npm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
npm ci --prefix "$here" --no-audit --no-fund --loglevel=error >/dev/null
go build -o "$out/guestward" ./cmd/guestward
for tenant in testdata/tenants/*.json; do
	"$out/guestward" scan "$tenant" -q --fail-on none --allow-unknown -f "sarif=$out/$(basename "$tenant" .json).sarif"
done
"$out/guestward" scan --demo -q -f "sarif=$out/demo.sarif"
"$here/validate.sh" "$out"/*.sarif
