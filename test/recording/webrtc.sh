#!/usr/bin/env bash
# DTLS-SRTP as browsers do it, and DTLS handshakes that go wrong. Names given as arguments record only those.
#   webrtc-chromium       Chromium (Opus, a test tone) calls webrtc-peer.py, which sends the voice back: ICE, rtcp-mux, SIP over TCP
#   webrtc-chromium-gcm   the same with AEAD_AES_128_GCM
#   webrtc-firefox        Chromium calls Firefox (Debian package firefox-esr), which writes the key log; DTLS 1.3 where both have it
#   ice-lite              Chromium calls webrtc-peer.py, which makes no checks of its own; with what Chromium says of it
#   dtls-no-profile       the same, no SRTP profile in common: the handshake is done, and there are no keys for media
#   dtls-wrong-certificate  the same, the answer names another certificate (DTLS 1.2, where it is to be seen): Chromium minds
#   dtls-two-clients      two webrtc-peer.py that both take themselves for the client
#   dtls-fragments        two webrtc-peer.py: HelloVerifyRequest, and an MTU of 256 that cuts the certificates up
#   dtls-reordered        the same, each flight's datagrams in reverse order
#   dtls-fingerprint      the callee's SDP names another certificate than the one it shows; the caller does not mind
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up
speech "$run/a.wav" 8000 en-gb "Small packets."
speech "$run/b.wav" 8000 en-us "And a cookie first."
for side in a b; do sox -D "$run/$side.wav" -t raw -e a-law -r 8000 -c 1 "$run/$side.al" trim 0 4; done

# open_up name --exported|--dtls13 file: the facts, and the secrets into the capture.
open_up() {
  python3 "$here/open-srtp.py" "$run/$1.pcap" "$run/$1.json" "$2" "$3"
  editcap --inject-secrets "tls,$run/$1.keys" "$run/$1.pcap" "$run/$1.pcapng"
  keep "$1.pcapng" "$1.json"
  facts "$1.pcapng"
}

# browser name profile [options of Chromium]
browser() {
  local name=$1 profile=$2; shift 2
  wanted "$name" || return 0
  capture a "$name.pcap" host 10.77.0.2
  start b /usr/bin/python3 "$here/webrtc-peer.py" --sip 10.77.0.2:5060 --media 10.77.0.2:7000 --profile "$profile" --key-log "$run/$name.keys" --exported "$run/$name.exported"
  in_ns a node "$here/chromium-call.mjs" 10.77.0.1 10.77.0.2:5060 2.5 "$@"
  capture_done
  open_up "$name" --exported "$run/$name.exported"
}
browser webrtc-chromium SRTP_AES128_CM_SHA1_80
browser webrtc-chromium-gcm SRTP_AEAD_AES_128_GCM

# lite name profile [options of the answering end]: a browser calls the ICE-lite end, as above, for what it says of ICE and DTLS.
lite() {
  local name=$1 profile=$2; shift 2
  wanted "$name" || return 0
  capture a "$name.pcap" host 10.77.0.2
  start b /usr/bin/python3 "$here/webrtc-peer.py" --sip 10.77.0.2:5060 --media 10.77.0.2:7000 --profile "$profile" "$@"
  EARSHOT_CALL="$run/call.json" in_ns a node "$here/chromium-call.mjs" 10.77.0.1 10.77.0.2:5060 1
  capture_done
  python3 "$here/ice-facts.py" "$run/$name.pcap" "$run/$name.json" --call "$run/call.json"
  keep "$name.pcap" "$name.json"
}
lite ice-lite SRTP_AES128_CM_SHA1_80
lite dtls-no-profile SRTP_AES128_CM_SHA1_32
lite dtls-wrong-certificate SRTP_AES128_CM_SHA1_80 --wrong-fingerprint

if wanted webrtc-firefox; then
  # Firefox gathers addresses only where there is a way out.
  ip -n "${ns}b" route add default via 10.77.0.1
  capture a webrtc-firefox.pcap host 10.77.0.1 and host 10.77.0.2
  start b env SSLKEYLOGFILE="$run/webrtc-firefox.keys" node "$here/firefox-answer.mjs" 10.77.0.2
  sleep 3
  in_ns a node "$here/chromium-call.mjs" 10.77.0.1 10.77.0.2:5060 2.5 ${CHROMIUM_OPTIONS:-}
  capture_done
  open_up webrtc-firefox --dtls13 "$run/webrtc-firefox.keys"
fi

# pair name [options of the answering end]
pair() {
  local name=$1; shift
  wanted "$name" || return 0
  capture a "$name.pcap"
  start b /usr/bin/python3 "$here/webrtc-peer.py" --sip 10.77.0.2:5060 --media 10.77.0.2:7000 --audio "$run/b.al" --mtu "${MTU:-256}" "$@"
  sleep 0.7
  in_ns a /usr/bin/python3 "$here/webrtc-peer.py" --call 10.77.0.2:5060 --media 10.77.0.1:8000 --audio "$run/a.al" --mtu "${MTU:-256}" --seconds 1.5 --key-log "$run/$name.keys" --exported "$run/$name.exported" ${REVERSE:-}
  capture_done
  open_up "$name" --exported "$run/$name.exported"
}
pair dtls-fragments --cookie
if wanted dtls-two-clients; then
  capture a dtls-two-clients.pcap
  start b /usr/bin/python3 "$here/webrtc-peer.py" --sip 10.77.0.2:5060 --media 10.77.0.2:7000 --client
  sleep 0.7
  in_ns a /usr/bin/python3 "$here/webrtc-peer.py" --call 10.77.0.2:5060 --media 10.77.0.1:8000 --audio "$run/a.al" --seconds 1
  capture_done
  keep dtls-two-clients.pcap
  facts dtls-two-clients.pcap
fi
MTU=1200 pair dtls-fingerprint --wrong-fingerprint
REVERSE=--reverse pair dtls-reordered --cookie --reverse
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
