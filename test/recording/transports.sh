#!/usr/bin/env bash
# Calls over other transports and links. Names given as arguments record only those.
#   ipv6-call      baresip over IPv6           tcp-call       baresip, SIP over TCP
#   tcp-segments   SIP over TCP cut and joined at awkward places, from tcp-segments.mjs
#   fragments      an INVITE and its 200 larger than the MTU: IPv4 fragments, sent by sipp
#   fragments-v6   the same over IPv6           vlan           802.1Q tag 77, sipp with speech
#   qinq           802.1ad 10 around 802.1Q 77  raw-ip         captured on a TUN device: no link header
#   vxlan          the call inside VXLAN 77, captured outside
#   sip-tls        SIP over TLS 1.3 and 1.2 from tls-sip.mjs, the secrets inside the pcapng
NO_IPV6=0
source "$(dirname "$0")/lib.sh"
source "$here/sipp.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up
# Router solicitations and multicast listener reports at start-up are not wanted in the captures.
sleep 1
speech "$run/caller.wav" 8000 en-gb "Hello, this is the caller."
speech "$run/callee.wav" 8000 en-us "Hello, this is the person you called."
no_chatter="not icmp6 and not port 5555"

if wanted ipv6-call; then
  baresip_home alice fd77::1 alice manual "aufile,$run/caller.wav" g711 "audio_codecs=PCMA"
  baresip_home bob fd77::2 bob auto "aufile,$run/callee.wav" g711 "audio_codecs=PCMA"
  capture a ipv6-call.pcap "$no_chatter"
  start b baresip -6 -f "$run/bob"; bob=$started
  start a baresip -6 -f "$run/alice"; alice=$started
  sleep 1; key a "d sip:bob@[fd77::2]\n"; sleep 4; key a "b"; sleep 1
  capture_done; kill "$alice" "$bob"; sleep 1
  keep ipv6-call.pcap; facts ipv6-call.pcap
fi

if wanted tcp-call; then
  TRANSPORT=tcp baresip_home alice 10.77.0.1 alice manual "aufile,$run/caller.wav" g711 "audio_codecs=PCMU"
  TRANSPORT=tcp baresip_home bob 10.77.0.2 bob auto "aufile,$run/callee.wav" g711 "audio_codecs=PCMU"
  capture a tcp-call.pcap "$no_chatter"
  start b baresip -4 -f "$run/bob"; bob=$started
  start a baresip -4 -f "$run/alice"; alice=$started
  sleep 1; key a "d sip:bob@10.77.0.2;transport=tcp\n"; sleep 3; key a "b"; sleep 1
  capture_done; kill "$alice" "$bob"; sleep 1
  keep tcp-call.pcap; facts tcp-call.pcap
fi

if wanted tcp-segments; then
  capture a tcp-segments.pcap "$no_chatter"
  start b node "$here/tcp-segments.mjs" callee 10.77.0.2
  sleep 0.5
  in_ns a node "$here/tcp-segments.mjs" caller 10.77.0.1 10.77.0.2
  capture_done
  keep tcp-segments.pcap; facts tcp-segments.pcap
fi

# A short call between two sipps; $1 is the extra header text of the INVITE and its 200, $2 a raw file or nothing.
plain_call() {
  local description; description=$(sdp '[rtpstream_audio_port]' 8 '8 PCMA/8000')
  { scenario_open; expect INVITE; respond 180 Ringing; respond 200 OK "$1" "$description" 'retrans="500"'; expect ACK; [ -z "$2" ] || stream "$2" 8; TAGGED=1; expect BYE; respond 200 OK; TAGGED=0; scenario_close; } >"$run/uas.xml"
  { scenario_open; request INVITE 1 "$1" "$description"; expect 180; expect 200; request ACK 1; [ -z "$2" ] || stream "$2" 8; pause "${3:-1000}"; request BYE 2; expect 200; scenario_close; } >"$run/uac.xml"
}
long_headers() {
  local n
  for n in $(seq 30); do printf 'Record-Route: <sip:hop%02d.example.com;transport=udp;lr;session=%032d>\\n' "$n" "$n"; done
  printf 'X-Last: end of the long part'
}
call_over() { uas "$run/uas.xml"; uac "$run/uac.xml"; kill "$started" 2>/dev/null || true; wait "$started" 2>/dev/null || true; }
law "$run/caller.wav" "$run/a.al" a

if wanted fragments; then
  plain_call "$(long_headers)" ''
  capture a fragments.pcap "$no_chatter"; call_over; capture_done
  keep fragments.pcap; facts fragments.pcap
fi
if wanted fragments-v6; then
  plain_call "$(long_headers)" ''
  capture a fragments-v6.pcap "not icmp6"
  CALLEE_IP=fd77::2 CALLER_IP=fd77::1 TARGET='[fd77::2]:5060' call_over; capture_done
  keep fragments-v6.pcap; facts fragments-v6.pcap
fi
if wanted vlan || wanted qinq; then
  # Tags are put on by tcprewrite: the recording machine's kernel need not have VLAN devices.
  plain_call '' "$run/a.al" 1500
  capture a untagged.pcap "$no_chatter"; call_over; capture_done
  tcprewrite --enet-vlan=add --enet-vlan-tag=77 --enet-vlan-cfi=0 --enet-vlan-pri=5 -i "$run/untagged.pcap" -o "$run/vlan.pcap"
  tcprewrite --enet-vlan=add --enet-vlan-tag=10 --enet-vlan-cfi=0 --enet-vlan-pri=0 --enet-vlan-proto=802.1ad -i "$run/vlan.pcap" -o "$run/qinq.pcap"
  keep vlan.pcap qinq.pcap; facts vlan.pcap; facts qinq.pcap
fi
if wanted raw-ip; then
  for side in a b; do
    n=$([ $side = a ] && echo 1 || echo 2)
    start "$side" python3 "$here/tunnel.py" tun77 "10.77.0.$n" "10.77.0.$((3 - n))" 7777
    sleep 0.5
    ip -n "$ns$side" addr add "10.77.79.$n/24" dev tun77
    ip -n "$ns$side" link set tun77 up
  done
  plain_call '' "$run/a.al" 1000
  capture a raw-ip.pcap -i tun77 "ip"
  CALLEE_IP=10.77.79.2 CALLER_IP=10.77.79.1 TARGET=10.77.79.2:5060 call_over; capture_done
  keep raw-ip.pcap; facts raw-ip.pcap
fi
if wanted vxlan; then
  for side in a b; do
    n=$([ $side = a ] && echo 1 || echo 2)
    ip -n "$ns$side" link add vx77 address "02:00:00:77:77:0$n" type vxlan id 77 dstport 4789 local "10.77.0.$n" remote "10.77.0.$((3 - n))" dev eth0
    ip -n "$ns$side" addr add "10.77.78.$n/24" dev vx77
    ip -n "$ns$side" link set vx77 up
  done
  plain_call '' "$run/a.al" 500
  capture a vxlan.pcap "udp port 4789"
  CALLEE_IP=10.77.78.2 CALLER_IP=10.77.78.1 TARGET=10.77.78.2:5060 call_over; capture_done
  keep vxlan.pcap; facts vxlan.pcap
fi
if wanted sip-tls; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=bob.example.com -keyout "$run/key.pem" -out "$run/cert.pem" 2>/dev/null
  capture a sip-tls.pcap port 5061
  start b node "$here/tls-sip.mjs" callee 10.77.0.2 "$run/key.pem" "$run/cert.pem"
  sleep 0.5
  in_ns a node "$here/tls-sip.mjs" caller 10.77.0.2 "$run/keys.log"
  capture_done
  editcap -F pcapng --inject-secrets "tls,$run/keys.log" "$run/sip-tls.pcap" "$run/sip-tls.pcapng"
  node "$here/plain-host.mjs" "$run/sip-tls.pcapng"
  keep sip-tls.pcapng; facts sip-tls.pcapng
fi
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
