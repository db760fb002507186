#!/usr/bin/env bash
# One short PCMU call between two baresips, captured in many ways at once, so that the same call can be
# compared across formats and link types:
#   way-nanosecond.pcap   nanosecond time stamps        way-pcapng.pcapng   written by dumpcap
#   way-sll.pcap          Linux cooked, version 1       way-sll2.pcap       Linux cooked, version 2
#   way-snap96.pcap       only 96 octets of each frame  way-cut-off.pcap    file cut in the middle of a packet
#   way-any-twice.pcap    "any" on the switch: every frame once in, once out
#   way-both-sides.pcap   captures of both ends merged: every frame twice, microseconds apart
#   way-gzip.pcap.gz      gzip-compressed
source "$(dirname "$0")/lib.sh"
net_up
speech "$run/caller.wav" 8000 en-gb "One call, many captures."
speech "$run/callee.wav" 8000 en-us "All of them should tell the same story."
baresip_home alice 10.77.0.1 alice manual "aufile,$run/caller.wav" "g711" "audio_codecs=PCMU"
baresip_home bob 10.77.0.2 bob auto "aufile,$run/callee.wav" "g711" "audio_codecs=PCMU"
start b baresip -4 -f "$run/bob"
start a baresip -4 -f "$run/alice"
sleep 1
pids=()
also() { capture "$@"; pids+=("$tcpdump_pid"); }
also a way-nanosecond.pcap --time-stamp-precision=nano
also a plain.pcap
also b callee.pcap
also a way-snap96.pcap -s 96
also a way-sll.pcap -i any -y LINUX_SLL not port 5555
also a way-sll2.pcap -i any not port 5555
also s way-any-twice.pcap -i any
start a dumpcap -q -i eth0 -w "$run/way-pcapng.pcapng"; pids+=("$started")
sleep 1
key a "d sip:bob@10.77.0.2\n"
sleep 3
key a "b"
sleep 1
for pid in "${pids[@]}"; do capture_done "$pid"; done
node "$here/plain-host.mjs" "$run/way-pcapng.pcapng"
gzip -9nc "$run/plain.pcap" >"$run/way-gzip.pcap.gz"
mergecap -F pcap -w "$run/way-both-sides.pcap" "$run/plain.pcap" "$run/callee.pcap"
head -c 40001 "$run/plain.pcap" >"$run/way-cut-off.pcap"
keep way-nanosecond.pcap way-snap96.pcap way-sll.pcap way-sll2.pcap way-any-twice.pcap way-pcapng.pcapng way-gzip.pcap.gz way-both-sides.pcap way-cut-off.pcap
for file in way-gzip.pcap.gz way-any-twice.pcap; do facts "$file"; done
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
