#!/usr/bin/env bash
# sipp calls sipp, PCMU. The caller's audio is speech, then the tones of 1 5 9 #, 100 ms each, made by sox; and it sends SIP INFO requests:
# 1 while its tone is heard, so that this digit comes by two roads, then 7 and * which are not heard. Facts: digit-roads.json.
source "$(dirname "$0")/lib.sh"
source "$here/sipp.sh"
net_up
speech "$run/a.wav" 8000 en-gb "I am going to type my number."
speech "$run/b.wav" 8000 en-us "Please type your number, and then the hash key."
law "$run/b.wav" "$run/b.ul" u

# press low high: 100 ms of two tones and 200 ms of nothing.
press() {
  sox -n -r 8000 -c 1 -b 16 "$run/$1-$2.wav" synth 0.1 sine "$1" synth 0.1 sine mix "$2" gain -n -10 pad 0 0.2
  tones+=("$run/$1-$2.wav")
}
tones=()
press 697 1209; press 770 1336; press 852 1477; press 941 1477
sox "$run/a.wav" "$run/said.wav" trim 0 1
sox "$run/a.wav" "$run/after.wav" trim 1 2
sox "$run/said.wav" "${tones[@]}" "$run/after.wav" "$run/caller.wav"
SECONDS_LONG=4 law "$run/caller.wav" "$run/a.ul" u

# info cseq 'media type' 'body lines'
info() {
  printf '<send retrans="500"><![CDATA[\n\nINFO sip:bob@[remote_ip]:[remote_port] SIP/2.0\n'
  printf 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-%s;rport\n' "$1"
  printf 'From: "Alice" <sip:alice@[local_ip]>;tag=[pid]c[call_number]\nTo: <sip:bob@[remote_ip]>[peer_tag_param]\n'
  printf 'Call-ID: [call_id]\nCSeq: %s INFO\nMax-Forwards: 70\nContent-Type: %s\nContent-Length: [len]\n\n%b]]></send>\n' "$1" "$2" "$3"
}

pcmu="0 101"; pcmu_map="0 PCMU/8000,101 telephone-event/8000"
{ scenario_open
  expect INVITE; respond 180 Ringing; respond 200 OK '' "$(sdp '[rtpstream_audio_port]' "$pcmu" "$pcmu_map")" 'retrans="500"'; expect ACK
  stream "$run/b.ul" 0; TAGGED=1
  for _ in 1 2 3; do expect INFO; respond 200 OK; done
  expect BYE; respond 200 OK; TAGGED=0
  scenario_close; } >"$run/uas.xml"
{ scenario_open
  request INVITE 1 '' "$(sdp '[rtpstream_audio_port]' "$pcmu" "$pcmu_map")"; optional 100; expect 180; expect 200; request ACK 1
  stream "$run/a.ul" 0; pause 1050
  info 2 application/dtmf-relay 'Signal=1\nDuration=100\n'; expect 200; pause 1700
  info 3 application/dtmf-relay 'Signal= 7\nDuration= 250\n'; expect 200; pause 400
  info 4 application/dtmf '*\n'; expect 200; pause 600
  request BYE 5; expect 200
  scenario_close; } >"$run/uac.xml"

capture a digit-roads.pcap
uas "$run/uas.xml"
uac "$run/uac.xml"
capture_done
cat >"$run/digit-roads.json" <<'JSON'
{
  "digits": [
    { "digit": "1", "by": ["sip-info", "inband"], "durationMs": 100 },
    { "digit": "5", "by": ["inband"], "durationMs": 100 },
    { "digit": "9", "by": ["inband"], "durationMs": 100 },
    { "digit": "#", "by": ["inband"], "durationMs": 100 },
    { "digit": "7", "by": ["sip-info"], "durationMs": 250 },
    { "digit": "*", "by": ["sip-info"], "durationMs": null }
  ]
}
JSON
keep digit-roads.pcap digit-roads.json
facts digit-roads.pcap
[ -z "${DEBUG:-}" ] || cat "$run"/uac.log "$run"/b.log
