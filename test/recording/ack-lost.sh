#!/usr/bin/env bash
# The relay loses the first two ACKs: the callee sends its 200 again, the caller acknowledges again.
# Captured at the relay: both legs, the lost ACKs are seen on the caller's leg only.
source "$(dirname "$0")/lib.sh"
source "$here/relayed.sh"
net_up relay
speech "$run/caller.wav" 8000 en-gb "Are you there?"
baresip_home alice 10.77.0.1 alice manual "aufile,$run/caller.wav" "g711" "audio_codecs=PCMA"
baresip_home bob 10.77.0.2 bob auto "aufile,$run/caller.wav" "g711" "audio_codecs=PCMA"
relayed_up ack-lost --drop-acks 2
capture r ack-lost.pcap
key a "d sip:bob@10.77.0.3\n"
sleep 2.2
key a "b"
sleep 1
capture_done
relayed_down
keep ack-lost.pcap
facts ack-lost.pcap
