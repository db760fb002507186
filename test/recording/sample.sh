#!/usr/bin/env bash
# The bundled sample: PCMA, the callee rings for a second, speech both ways, the caller types 427#, and the
# relay in between loses 1.5 % and adds up to 12 ms of jitter. Captured at the callee.
source "$(dirname "$0")/lib.sh"
source "$here/relayed.sh"
net_up relay
speech "$run/caller.wav" 8000 en-gb "Hello, it is Alice. I am typing the number of the order. Did it arrive? Thank you, good bye."
speech "$run/callee.wav" 8000 en-us "Good morning, this is the order desk. Please type your number, and then the hash key. Thank you."
baresip_home alice 10.77.0.1 alice manual "aufile,$run/caller.wav" "g711" "audio_codecs=PCMA"
baresip_home bob 10.77.0.2 bob manual "aufile,$run/callee.wav" "g711" "audio_codecs=PCMA"
relayed_up sample --seed 5 --loss 1.5 --jitter 12
capture b sample.pcap
key a "d sip:bob@10.77.0.3\n"
sleep 1
key b "a"
sleep 4
digit a 4 0
digit a 2 0
digit a 7 0.1
digit a '#' 0.1
sleep 1.5
key a "b"
sleep 1
capture_done
relayed_down
keep sample.pcap sample.json
install -m 644 "$out/sample.pcap" "$here/../../resources/samples/two-party-call.pcap"
facts sample.pcap
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
