#!/usr/bin/env bash
# SIP over WebSocket (RFC 7118), and Verto. kamailio (Debian packages kamailio, kamailio-websocket-modules, kamailio-tls-modules)
# is the proxy. Names given as arguments record only those.
#   ws-call          two phones by way of kamailio, PCMA; at the caller
#   wss-chromium     a page in Chromium calls webrtc-peer.py by way of kamailio: SIP over WebSocket in TLS, media of WebRTC
#   ws-deflate       no proxy: permessage-deflate, both ends keep their context; three calls without media
#   ws-deflate-none  the same, no end keeps its context
#   ws-fragments     the same, compressed messages in fragments with a ping between them
#   ws-late          ws-call from the second call's INVITE on: the capture has not seen the handshake
#   ws-verto         Verto, a call with early media; ws-verto-deflate the same compressed
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up relay
speech "$run/a.wav" 8000 en-gb "A socket for the web."
speech "$run/b.wav" 8000 en-us "And a plug for it."
for side in a b; do sox -D "$run/$side.wav" -t raw -e a-law -r 8000 -c 1 "$run/$side.al" trim 0 4; done
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$run/key.pem" -out "$run/cert.pem" -days 3650 -subj /CN=pbx.example.com 2>/dev/null
start r kamailio -f "$here/ws-proxy.cfg" -A "KEY=\"$run/key.pem\"" -A "CERTIFICATE=\"$run/cert.pem\"" -DD -E -Y "$run" -P "$run/kamailio.pid"
sleep 2

if wanted ws-call || wanted ws-late; then
  start b node "$here/ws-phone.mjs" answer ws://10.77.0.3:8080 bob 10.77.0.2:7000 "$run/b.al"
  sleep 1
  capture a ws-call.pcap
  in_ns a node "$here/ws-phone.mjs" call ws://10.77.0.3:8080 alice 10.77.0.1:6000 "$run/a.al"
  capture_done
  # From the packet with the INVITE on: of the connection's beginning nothing is left.
  invite=$(tshark -n -r "$run/ws-call.pcap" -Y 'sip.Method == INVITE' -T fields -e frame.number 2>/dev/null | head -1)
  editcap -r -F pcap "$run/ws-call.pcap" "$run/ws-late.pcap" "$invite-100000"
  wanted ws-call && keep ws-call.pcap && facts ws-call.pcap
  wanted ws-late && keep ws-late.pcap
fi

if wanted wss-chromium; then
  capture a wss-chromium.pcap 'host 10.77.0.3 or host 10.77.0.2'
  start b /usr/bin/python3 "$here/webrtc-peer.py" --sip 10.77.0.2:5060 --media 10.77.0.2:7000 --key-log "$run/dtls.keys"
  in_ns a node "$here/ws-chromium.mjs" wss://10.77.0.3:8443 1.5 "$run/tls.keys"
  capture_done
  cat "$run/tls.keys" "$run/dtls.keys" >"$run/both.keys"
  editcap --inject-secrets "tls,$run/both.keys" "$run/wss-chromium.pcap" "$run/wss-chromium.pcapng"
  keep wss-chromium.pcapng
  facts wss-chromium.pcapng
fi

# direct name [options of both ends]
direct() {
  local name=$1; shift
  wanted "$name" || return 0
  capture a "$name.pcap"
  start b node "$here/ws-phone.mjs" serve 10.77.0.2:8080 --no-media "$@"
  local server=$started
  sleep 0.7
  in_ns a node "$here/ws-phone.mjs" call ws://10.77.0.2:8080 alice --calls 3 --no-media "$@"
  capture_done
  kill "$server"
  keep "$name.pcap"
  facts "$name.pcap"
}
direct ws-deflate --deflate takeover
direct ws-deflate-none --deflate none
direct ws-fragments --deflate client --fragments 150

# verto name [--deflate]
verto() {
  local name=$1; shift
  wanted "$name" || return 0
  capture a "$name.pcap"
  start b node "$here/ws-verto.mjs" serve 10.77.0.2:8081 10.77.0.2:7000 "$run/b.al" "$@"
  local server=$started
  sleep 0.7
  in_ns a node "$here/ws-verto.mjs" call ws://10.77.0.2:8081 10.77.0.1:6000 "$run/a.al" "$@"
  capture_done
  kill "$server"
  keep "$name.pcap"
  tshark -n -r "$out/$name.pcap" -Y websocket.payload.text -T fields -e frame.number -e websocket.payload.text 2>/dev/null | cut -c1-120
}
verto ws-verto
verto ws-verto-deflate --deflate
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
