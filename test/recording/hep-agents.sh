#!/usr/bin/env bash
# A call between two sipp with media from rtp-send.mjs, watched by three capture agents (hep-agent.py) that report to a
# capture server on 10.77.0.3:
#   hep-agents-wire.pcap   the call as it was sent, at the caller
#   hep-agents.pcap        what the agents report by UDP: 101 edge (caller), 102 core (callee, its clock 0.25 s ahead),
#                          103 (callee, signalling only, its clock two hours behind)
#   hep-agents-tcp.pcap    what edge reports by TCP
#   hep-agents-http.pcap   what edge posts by HTTP, several messages in a body
source "$(dirname "$0")/lib.sh"
source "$here/sipp.sh"
net_up relay
start r python3 "$here/hep-sink.py" 10.77.0.3 9060
start r python3 "$here/hep-sink.py" 10.77.0.3 9080
speech "$run/a.wav" 8000 en-gb "Two agents hear this."
law "$run/a.wav" "$run/a.ul" u
send() { printf 'node %s/rtp-send.mjs --from %s --to %s --file %s/a.ul --seconds 1.2 --ssrc %s --rtcp' "$here" "$1" "$2" "$run" "$3"; }
{ scenario_open; expect INVITE; respond 180 Ringing; pause 300
  respond 200 OK '' "$(sdp 7000 0 '0 PCMU/8000')" 'retrans="500"'; expect ACK
  run_command "$(send 10.77.0.2:7000 10.77.0.1:6100 0xb0b0b0b0)"
  TAGGED=1; expect BYE; respond 200 OK; TAGGED=0; scenario_close; } >"$run/uas.xml"
{ scenario_open; request INVITE 1 '' "$(sdp 6100 0 '0 PCMU/8000')"; optional 100; optional 180; expect 200; request ACK 1
  run_command "$(send 10.77.0.1:6100 10.77.0.2:7000 0xa0a0a0a0)"
  pause 2000; request BYE 2; expect 200; scenario_close; } >"$run/uac.xml"
sleep 0.5
tap() { start "$1" python3 "$here/hep-agent.py" "${@:2}"; }
capture r hep-agents.pcap 'udp port 9060'; udp=$tcpdump_pid
capture r hep-agents-tcp.pcap 'tcp port 9060'; tcp=$tcpdump_pid
capture r hep-agents-http.pcap 'tcp port 9080'; http=$tcpdump_pid
capture a hep-agents-wire.pcap 'not port 9060 and not port 9080 and not arp'; wire=$tcpdump_pid
tap a --id 101 --name edge --key recorded-key --reports --to udp:10.77.0.3:9060 --to tcp:10.77.0.3:9060 --to http:10.77.0.3:9080
tap b --id 102 --name core --clock 0.25 --to udp:10.77.0.3:9060
tap b --id 103 --clock -7200 --sip-only --to udp:10.77.0.3:9060
sleep 0.5
uas "$run/uas.xml"
uac "$run/uac.xml"
sleep 0.5
for each in "$udp" "$tcp" "$http" "$wire"; do capture_done "$each"; done
keep hep-agents.pcap hep-agents-tcp.pcap hep-agents-http.pcap hep-agents-wire.pcap
facts hep-agents-wire.pcap
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
