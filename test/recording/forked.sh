#!/usr/bin/env bash
# One INVITE, forked to two phones by kamailio (Debian package kamailio), captured at the proxy.
#   forked.pcap       both ring, one answers, the proxy cancels the other
#   forked-both.pcap  both answer at the same moment: two 200s with different To tags; the caller keeps the first and
#                     hangs up the second at once
source "$(dirname "$0")/lib.sh"
source "$here/sipp.sh"
net_up relay
ip -n "${ns}b" addr add 10.77.0.4/24 dev eth0
speech "$run/a.wav" 8000 en-gb "Hello both of you."
speech "$run/b.wav" 8000 en-us "This is the desk phone."
law "$run/a.wav" "$run/a.al" a
law "$run/b.wav" "$run/b.al" a
route='Route: <sip:10.77.0.3;lr>'
caller_sdp=$(sdp 6000 8 '8 PCMA/8000')
phone_sdp=$(sdp '[rtpstream_audio_port]' 8 '8 PCMA/8000')
start r kamailio -f "$here/forking-proxy.cfg" -DD -E -Y "$run" -P "$run/kamailio.pid"
sleep 1.5
# The two phones write different tags.
phone() { TAG=$1 respond "$2" "$3" '[last_Record-Route:]' "${4:-}" "${5:-}"; }
learn() { printf '<ereg regexp="sip:[^&gt;]*" search_in="hdr" header="Contact:" assign_to="contact%s"/><ereg regexp=";tag=.*" search_in="hdr" header="To:" assign_to="tag%s"/>' "$1" "$1"; }
stream_from() { stream "$1" 8; }

# SIP as the proxy sees it; the media, which goes past the proxy, as the caller sees it.
begin() {
  capture r sip.pcap port 5060; at_proxy=$tcpdump_pid
  capture a media.pcap not port 5060; at_caller=$tcpdump_pid
}
finish() {
  capture_done "$at_caller"; capture_done "$at_proxy"
  mergecap -F pcap -w "$run/$1" "$run/sip.pcap" "$run/media.pcap"
  kill "$one" "$two" 2>/dev/null || true
  keep "$1"; facts "$1"
}

{ scenario_open; expect INVITE; phone desk 180 Ringing; pause 1500; phone desk 200 OK "$phone_sdp" 'retrans="500"'; expect ACK; stream_from "$run/b.al"; TAGGED=1; expect BYE; respond 200 OK; TAGGED=0; scenario_close; } >"$run/desk.xml"
{ scenario_open; expect INVITE; phone cell 180 Ringing; expect CANCEL; TAG=cell respond 200 OK
  printf '<send retrans="500"><![CDATA[\n\nSIP/2.0 487 Request Terminated\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]cell[call_number]\n[last_Call-ID:]\nCSeq: 1 INVITE\nContent-Length: 0\n\n]]></send>\n'
  expect ACK; scenario_close; } >"$run/cell.xml"
{ scenario_open; request INVITE 1 '' "$caller_sdp"; optional 100; optional 180; optional 180; expect 200 '' "$(learn 1)"
  export TO_TAG='[$tag1]' URI='[$contact1]'; request ACK 1 "$route"; pause 1500; request BYE 2 "$route"; expect 200; unset TO_TAG URI; scenario_close; } >"$run/uac.xml"
begin
uas "$run/desk.xml"; one=$started
CALLEE_IP=10.77.0.4 uas "$run/cell.xml"; two=$started
TARGET=10.77.0.3:5060 uac "$run/uac.xml"
finish forked.pcap

# The proxy's CANCEL comes too late: it is answered 200 and changes nothing.
for name in desk cell; do
  { scenario_open; expect INVITE; phone $name 180 Ringing; pause 1500; phone $name 200 OK "$phone_sdp" 'retrans="500"'
    printf '<recv request="CANCEL" optional="true" next="late"/>\n<recv request="ACK" next="talk"/>\n<label id="late"/>\n'
    TAG=$name respond 200 OK; expect ACK; printf '<label id="talk"/>\n'
    stream_from "$run/b.al"; TAGGED=1; expect BYE; respond 200 OK; TAGGED=0; scenario_close; } >"$run/$name.xml"
done
{ scenario_open; request INVITE 1 '' "$caller_sdp"; optional 100; optional 180; optional 180; expect 200 '' "$(learn 1)"
  export TO_TAG='[$tag1]' URI='[$contact1]'; request ACK 1 "$route"; unset TO_TAG URI
  expect 200 '' "$(learn 2)"
  export TO_TAG='[$tag2]' URI='[$contact2]'; request ACK 1 "$route" '' 1-ack2; request BYE 2 "$route" '' 2-second; expect 200; unset TO_TAG URI
  pause 1200; export TO_TAG='[$tag1]' URI='[$contact1]'; request BYE 2 "$route" '' 2-first; expect 200; unset TO_TAG URI; scenario_close; } >"$run/uac.xml"
begin
uas "$run/desk.xml"; one=$started
CALLEE_IP=10.77.0.4 uas "$run/cell.xml"; two=$started
TARGET=10.77.0.3:5060 uac "$run/uac.xml"
finish forked-both.pcap
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
