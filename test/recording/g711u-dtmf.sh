#!/usr/bin/env bash
# baresip calls baresip, PCMU with RFC 4733 digits: the caller types 12#, the callee answers with *0.
source "$(dirname "$0")/lib.sh"
net_up
speech "$run/caller.wav" 8000 en-gb "I am going to type my number now."
speech "$run/callee.wav" 8000 en-us "Please type your number, and then the hash key."
baresip_home alice 10.77.0.1 alice manual "aufile,$run/caller.wav" "g711" "audio_codecs=PCMU"
baresip_home bob 10.77.0.2 bob auto "aufile,$run/callee.wav" "g711" "audio_codecs=PCMU"
capture a g711u-dtmf.pcap
start b baresip -4 -f "$run/bob"
start a baresip -4 -f "$run/alice"
sleep 1
key a "d sip:bob@10.77.0.2\n"
sleep 2
# \x04 is the release of the key: it ends the event.
digit() { key "$1" "$2"; sleep "$3"; key "$1" "\x04"; sleep 0.5; }
digit a 1 0
digit a 2 0.1
digit a '#' 0.6
digit b '*' 0
digit b 0 0
key a "b"
sleep 1
capture_done
keep g711u-dtmf.pcap
facts g711u-dtmf.pcap
[ -z "${DEBUG:-}" ] || cat "$run"/a.log "$run"/b.log
