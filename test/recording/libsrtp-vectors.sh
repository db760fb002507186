#!/usr/bin/env bash
# Writes test/captures/srtp-vectors.json: packets that libsrtp protected, and what they were before. With `verify`, lets
# libsrtp open what media/srtp/testing/protect.ts made of the same packets. Debian packages: gcc libsrtp2-dev.
#
#   test/recording/libsrtp-vectors.sh [verify]
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -std=c11 -O1 -Wall -Wextra -o "$work/libsrtp-vectors" test/recording/libsrtp-vectors.c -lsrtp2

if [ "${1:-}" = verify ]; then
  node scripts/run.mjs test/recording/libsrtp-lines.ts | "$work/libsrtp-vectors" verify
else
  "$work/libsrtp-vectors" >"${EARSHOT_CAPTURES:-test/captures}/srtp-vectors.json"
fi
