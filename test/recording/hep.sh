#!/usr/bin/env bash
# A call by way of kamailio (Debian package kamailio), which reports every message to a capture server with its module
# siptrace. Captured at the proxy: the call as it was sent, and on port 9060 the same messages in HEP.
#   hep-v1.pcap, hep-v2.pcap   binary headers, over UDP
#   hep-v3.pcap, hep-tcp.pcap  chunks, over UDP and over TCP
# Names given as arguments record only those.
source "$(dirname "$0")/lib.sh"
source "$here/sipp.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up relay
route='Route: <sip:10.77.0.3;lr>'
start a python3 "$here/hep-sink.py" 10.77.0.1 9060
{ scenario_open; expect INVITE; respond 180 Ringing '[last_Record-Route:]'; pause 300
  respond 200 OK '[last_Record-Route:]' "$(sdp 7000 8 '8 PCMA/8000')" 'retrans="500"'; expect ACK
  TAGGED=1; expect BYE; respond 200 OK; TAGGED=0; scenario_close; } >"$run/uas.xml"
learn='<ereg regexp="sip:[^&gt;]*" search_in="hdr" header="Contact:" assign_to="contact"/><ereg regexp=";tag=.*" search_in="hdr" header="To:" assign_to="tag"/>'
{ scenario_open; request INVITE 1 '' "$(sdp 6000 8 '8 PCMA/8000')"; optional 100; optional 180; expect 200 '' "$learn"
  export TO_TAG='[$tag]' URI='[$contact]'; request ACK 1 "$route"; pause 500; request BYE 2 "$route"; expect 200; unset TO_TAG URI
  scenario_close; } >"$run/uac.xml"

# record name version URI-of-the-capture-server
record() {
  wanted "$1" || return 0
  start r kamailio -f "$here/hep-proxy.cfg" -A "HEP_VERSION=$2" -A "HEP_SERVER=\"$3\"" -DD -E -Y "$run" -P "$run/kamailio.pid"
  local proxy=$started
  sleep 1.5
  capture r "$1.pcap" 'port 5060 or port 9060'
  uas "$run/uas.xml"
  local callee=$started
  TARGET=10.77.0.3:5060 uac "$run/uac.xml"
  capture_done
  kill "$callee" 2>/dev/null || true
  kill "$proxy" 2>/dev/null || true
  wait "$callee" "$proxy" 2>/dev/null || true
  keep "$1.pcap"
  facts "$1.pcap"
}
record hep-v1 1 sip:10.77.0.1:9060
record hep-v2 2 sip:10.77.0.1:9060
record hep-v3 3 sip:10.77.0.1:9060
record hep-tcp 3 'sip:10.77.0.1:9060;transport=tcp'
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
