#!/usr/bin/env bash
# ICE and TURN in SIP calls between two baresips, media in the clear. Names given as arguments record only those.
#   sip-ice         candidates in the descriptions, checks on the RTP and the RTCP component
#   sip-ice-srflx   the same with a STUN server, the caller behind a NAT; at the caller, and on both sides of the NAT
#   sip-turn        the caller's media by way of coturn, without ICE; both legs at the relay, and the SIP, which passes it by
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up relay
source "$here/coturn.sh"
speech "$run/a.wav" 8000 en-gb "By whichever way is open."
speech "$run/b.wav" 8000 en-us "I answer where you asked."

# agents name side caller-side caller-address caller-parameters callee-parameters: one call of 2 s.
agents() {
  local name=$1 side=$2 at=$3 host=$4
  baresip_home alice "$host" alice manual "aufile,$run/a.wav" "g711 ice stun turn" "audio_codecs=PCMA$5"
  baresip_home bob 10.77.0.2 bob auto "aufile,$run/b.wav" "g711 ice stun turn" "audio_codecs=PCMA$6"
  capture "$side" "$name.pcap" ${CAPTURE_OPTIONS:-} not icmp6 and not arp
  start b baresip -4 -f "$run/bob"
  start "$at" baresip -4 -f "$run/alice"
  sleep 1.5
  key "$at" "d sip:bob@10.77.0.2\n"
  sleep "${TALK:-2.2}"
  key "$at" "b"
  sleep 0.7
  kill "${children[@]: -2}" 2>/dev/null || true
  capture_done
  if [ -n "${sip_pid:-}" ]; then
    capture_done "$sip_pid"
    mv "$run/$name.pcap" "$run/media.pcap"
    mergecap -F pcap -w "$run/$name.pcap" "$run/media.pcap" "$run/sip.pcap"
  fi
  servers_done
  [ -z "${DEBUG:-}" ] || { tshark -n -r "$run/$name.pcap" | grep -v "PT=ITU"; cat "$run"/?.log; } || true
  local more=()
  [ ! -s "$run/$name.server" ] || more+=(--server-log "$run/$name.server")
  python3 "$here/turn-facts.py" "$run/$name.pcap" "$run/$name.json" "${more[@]}" --count-data
  keep "$name.pcap" "$name.json"
}
turn=';medianat=turn;stunserver="turn:10.77.0.3";stunuser=alice;stunpass=lantern'

if wanted sip-ice; then agents sip-ice a a 10.77.0.1 ";medianat=ice" ";medianat=ice"; fi
if wanted sip-turn; then
  server sip-turn
  capture a sip.pcap port 5060
  sip_pid=$tcpdump_pid
  agents sip-turn r a 10.77.0.1 "$turn" ""
fi
if wanted sip-ice-srflx; then
  nat_up a
  server sip-ice-srflx
  agents sip-ice-srflx c c 10.77.1.2 ';medianat=ice;stunserver="stun:10.77.0.3"' ";medianat=ice"
fi
