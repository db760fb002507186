#!/usr/bin/env bash
# baresip calls an address that takes the packets and never answers: the INVITE is sent again after 0.5, 1, 2, 4,
# 8 and 16 s, then given up when timer B fires at 32 s (RFC 3261 17.1.1.2).
source "$(dirname "$0")/lib.sh"
net_up
speech "$run/caller.wav" 8000 en-gb "Nobody hears this."
baresip_home alice 10.77.0.1 alice manual "aufile,$run/caller.wav" "g711" "audio_codecs=PCMA"
capture a no-answer.pcap
start b node -e 'require("dgram").createSocket("udp4").on("message", () => {}).bind(5060)'
start a baresip -4 -f "$run/alice"
sleep 1
key a "d sip:nobody@10.77.0.2\n"
sleep 35
capture_done
keep no-answer.pcap
facts no-answer.pcap
[ -z "${DEBUG:-}" ] || cat "$run"/a.log
