#!/usr/bin/env bash
# The encrypted twins of plain captures, made by encrypt.py with libsrtp; nothing is recorded and root is not needed. Names given
# as arguments make only those. The same options give the same file; <name>.json says what is true of it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
captures=$here/../captures
out=${EARSHOT_CAPTURES:-$captures}
mkdir -p "$out"
names=("$@")
export PYTHONDONTWRITEBYTECODE=1

# twin name plain-capture [options of encrypt.py]
twin() {
  local name=$1 plain=$2; shift 2
  [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $name "* ]] || return 0
  python3 "$here/encrypt.py" "$captures/$plain.pcap" "$out/$name.pcap" "$out/$name.json" --seed "$name" "$@"
  echo "$name.pcap $(stat -c %s "$out/$name.pcap") octets"
}

# Suites.
twin srtp-cm-128-32 dtmf-pt96 --suite AES_CM_128_HMAC_SHA1_32
twin srtp-cm-192-80 one-way --suite AES_192_CM_HMAC_SHA1_80
twin srtp-cm-256-80 comfort-noise --suite AES_256_CM_HMAC_SHA1_80
twin srtp-cm-256-32 one-way --suite AES_256_CM_HMAC_SHA1_32
twin srtp-gcm-128 hold-resume --suite AEAD_AES_128_GCM
twin srtp-gcm-256 rtcp-xr --suite AEAD_AES_256_GCM
# What an a=crypto line may say besides.
twin srtp-answer-tag-2 vlan --suite AES_256_CM_HMAC_SHA1_80 --suite AES_CM_128_HMAC_SHA1_80 --suite AEAD_AES_128_GCM --tag 2
twin srtp-mki qinq --mki 1:4 --lifetime 2^31
twin srtp-mki-two-keys ptime-mix --mki 1,2:2 --lifetime 2^20 --media-seconds 2
twin srtp-mki-gcm raw-ip --mki 7:1 --suite AEAD_AES_128_GCM
twin srtp-unencrypted rtcp-xr --parameters "UNENCRYPTED_SRTP UNENCRYPTED_SRTCP" --media-seconds 2.2
twin srtp-unauthenticated one-way --parameters UNAUTHENTICATED_SRTP
# What calls do with keys.
twin srtp-plain-answer raw-ip --plain-answer
twin srtp-rekey codec-switch --rekey
twin srtp-early-media early-media --late-answer
twin srtp-forked forked
twin srtp-forked-both forked-both
twin srtp-both-legs relay-both-legs --media-seconds 2.5
twin srtp-wrong-key one-way --wrong-key
# What packets do.
twin srtp-two-ssrcs ssrc-change
twin srtp-roc wraparound --roc 3
twin srtp-roc-no-keys missing-start --roc 3
twin srtp-loss-jitter loss-jitter --media-seconds 4
twin srtp-any-twice way-any-twice --media-seconds 1.5
twin srtp-sll way-sll --media-seconds 1.5
twin srtp-ipv6 ipv6-call --media-seconds 2
twin srtp-extensions-one raw-ip --extensions one
twin srtp-extensions-two one-way --extensions two
twin srtp-extensions-encrypted one-way --extensions two --encrypt-extension 1 --encrypt-extension 17
