#!/usr/bin/env bash
# A PCMA call through relay.mjs that drops 4 %, duplicates 2 %, reorders 2 % and adds up to 30 ms of jitter.
# loss-jitter.pcap       at the callee: what arrives is spoilt, what leaves is not
# loss-jitter-caller.pcap at the caller, the same call: the other direction is the spoilt one
# relay-both-legs.pcap   at the relay: both legs with one Call-ID, each packet before and after
# loss-jitter.json       what the relay did with each RTP packet
source "$(dirname "$0")/lib.sh"
source "$here/relayed.sh"
net_up relay
speech "$run/caller.wav" 8000 en-gb "Can you hear me? The line is very bad today, one two three four five."
speech "$run/callee.wav" 8000 en-us "I can hear you, but some of the words are missing."
baresip_home alice 10.77.0.1 alice manual "aufile,$run/caller.wav" "g711" "audio_codecs=PCMA"
baresip_home bob 10.77.0.2 bob auto "aufile,$run/callee.wav" "g711" "audio_codecs=PCMA"
relayed_up loss-jitter --seed 11 --loss 4 --duplicate 2 --reorder 2 --jitter 30
capture b loss-jitter.pcap; at_callee=$tcpdump_pid
capture a loss-jitter-caller.pcap; at_caller=$tcpdump_pid
capture r relay-both-legs.pcap; at_relay=$tcpdump_pid
key a "d sip:bob@10.77.0.3\n"
sleep 6
key a "b"
sleep 1
capture_done "$at_callee"; capture_done "$at_caller"; capture_done "$at_relay"
relayed_down
keep loss-jitter.pcap loss-jitter-caller.pcap relay-both-legs.pcap loss-jitter.json
facts loss-jitter.pcap
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
