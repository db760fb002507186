#!/usr/bin/env bash
# baresip calls baresip, PCMA, different speech in each direction, RTCP; the caller hangs up.
source "$(dirname "$0")/lib.sh"
net_up
speech "$run/caller.wav" 8000 en-gb "Hello, this is Alice. I am calling about the invoice number four two seven."
speech "$run/callee.wav" 8000 en-us "Good morning, Bob speaking. Please give me a moment, I will look it up."
baresip_home alice 10.77.0.1 alice manual "aufile,$run/caller.wav" "g711" "audio_codecs=PCMA"
baresip_home bob 10.77.0.2 bob auto "aufile,$run/callee.wav" "g711" "audio_codecs=PCMA"
capture a g711a-call.pcap
start b baresip -4 -f "$run/bob"
start a baresip -4 -f "$run/alice"
sleep 1
key a "d sip:bob@10.77.0.2
"
sleep 8
key a "b"
sleep 1
capture_done
keep g711a-call.pcap
facts g711a-call.pcap
[ -z "${DEBUG:-}" ] || cat "$run"/a.log "$run"/b.log
