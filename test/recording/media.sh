#!/usr/bin/env bash
# Calls set up by sipp whose media comes from rtp-send.mjs. Names given as arguments record only those.
#   dtmf-pt96       PCMU, telephone-event on 96: caller 159*, callee 0D; the end packets of the 5 are lost
#   comfort-noise   PCMU, a silence of 1 s that begins with comfort noise (13); the callee's silence has none
#   wraparound      sequence number and timestamp go past their ends in both directions
#   ssrc-change     a new SSRC in the middle of the caller's stream
#   l16-call        L16/16000/1 on a dynamic payload type: 440 Hz from the caller, speech from the callee
#   ptime-mix       caller sends 30 ms packets, callee 10 ms packets
#   rtcp-xr         SR, SDES, XR VoIP metrics (RFC 3611) and BYE in both directions
#   one-way         only the caller's media arrives: the callee sends none
#   missing-start   the call was under way when the capture began: media and BYE only
#   rtp-only        no signalling at all: ffmpeg sends PCMA to a port
source "$(dirname "$0")/lib.sh"
source "$here/sipp.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up
speech "$run/a.wav" 8000 en-gb "One two three four five six seven eight nine ten."
speech "$run/b.wav" 8000 en-us "Monday Tuesday Wednesday Thursday Friday Saturday Sunday."
SECONDS_LONG=6
for side in a b; do
  for kind in a u; do law "$run/$side.wav" "$run/$side.${kind}l" "$kind"; done
done
sox -n -r 16000 -c 1 -b 16 "$run/sine16.wav" synth 6 sine 440 gain -12
# L16 is big-endian on the wire (RFC 3551 4.5.11).
sox "$run/sine16.wav" -t raw -B -e signed -b 16 "$run/a.l16"
sox "$run/b.wav" -t raw -B -e signed -b 16 -r 16000 "$run/b.l16" trim 0 6

send_rtp() { run_command "node $here/rtp-send.mjs $*"; }
# call name "payload types" "rtpmap lines" "sender options of the caller" "of the callee" seconds
call() {
  local name=$1 description_a description_b; description_a=$(sdp 8000 "$2" "$3"); description_b=$(sdp 7000 "$2" "$3")
  { scenario_open; expect INVITE; respond 180 Ringing; pause 300; respond 200 OK '' "$description_b" 'retrans="500"'; expect ACK
    [ -z "$5" ] || send_rtp "--from 10.77.0.2:7000 --to 10.77.0.1:8000 --ssrc 0xb0b00001 $5"; TAGGED=1; expect BYE; respond 200 OK; TAGGED=0; scenario_close; } >"$run/uas.xml"
  { scenario_open; request INVITE 1 '' "$description_a"; expect 180; expect 200; request ACK 1
    [ -z "$4" ] || send_rtp "--from 10.77.0.1:8000 --to 10.77.0.2:7000 --ssrc 0xa11ce001 $4"; pause "$6"; request BYE 2; expect 200; scenario_close; } >"$run/uac.xml"
  # Once a sender has finished, the kernel answers "port unreachable": not part of the story.
  capture a "$name.pcap" not icmp
  uas "$run/uas.xml"
  uac "$run/uac.xml"
  capture_done
  kill "$started" 2>/dev/null || true
}
done_with() { keep "$1.pcap"; facts "$1.pcap"; }
pcmu="--payload-type 0"

if wanted dtmf-pt96; then
  call dtmf-pt96 "0 96" "0 PCMU/8000,96 telephone-event/8000" "--file $run/a.ul $pcmu --seconds 3.5 --event-type 96 --digits 159*@800 --lose-ends 1" "--file $run/b.ul $pcmu --seconds 3.5 --event-type 96 --digits 0D@2200 --digit-ms 80" 3900
  done_with dtmf-pt96
fi
if wanted comfort-noise; then
  call comfort-noise "0 13" "0 PCMU/8000,13 CN/8000" "--file $run/a.ul $pcmu --seconds 3.5 --silence 1000-2000 --comfort-noise 13:70" "--file $run/b.ul $pcmu --seconds 3.5 --silence 1600-2400" 3900
  done_with comfort-noise
fi
if wanted wraparound; then
  call wraparound 0 "0 PCMU/8000" "--file $run/a.ul $pcmu --seconds 3 --sequence 65486 --timestamp 4294951296" "--file $run/b.ul $pcmu --seconds 3 --sequence 65530 --timestamp 4294967200" 3400
  done_with wraparound
fi
if wanted ssrc-change; then
  call ssrc-change 8 "8 PCMA/8000" "--file $run/a.al --payload-type 8 --seconds 4 --change-ssrc-at 2000" "--file $run/b.al --payload-type 8 --seconds 4" 4400
  done_with ssrc-change
fi
if wanted l16-call; then
  call l16-call 97 "97 L16/16000/1" "--file $run/a.l16 --payload-type 97 --rate 16000 --sample-bytes 2 --seconds 2" "--file $run/b.l16 --payload-type 97 --rate 16000 --sample-bytes 2 --seconds 2" 2400
  done_with l16-call
fi
if wanted ptime-mix; then
  call ptime-mix 8 "8 PCMA/8000" "--file $run/a.al --payload-type 8 --ptime 30 --seconds 3" "--file $run/b.al --payload-type 8 --ptime 10 --seconds 3" 3400
  done_with ptime-mix
fi
if wanted rtcp-xr; then
  call rtcp-xr 8 "8 PCMA/8000" "--file $run/a.al --payload-type 8 --seconds 3.2 --rtcp" "--file $run/b.al --payload-type 8 --seconds 3.2 --rtcp" 3600
  done_with rtcp-xr
fi
if wanted one-way; then
  call one-way 0 "0 PCMU/8000" "--file $run/a.ul $pcmu --seconds 3" "" 3400
  done_with one-way
fi
if wanted missing-start; then
  call whole 0 "0 PCMU/8000" "--file $run/a.ul $pcmu --seconds 3 --sequence 5000 --timestamp 800000" "--file $run/b.ul $pcmu --seconds 3 --sequence 9000 --timestamp 1440000" 3400
  first=$(tshark -n -r "$run/whole.pcap" -Y "udp.port==8000" -T fields -e frame.number 2>/dev/null | sed -n 40p)
  editcap -F pcap "$run/whole.pcap" "$run/missing-start.pcap" "1-$first"
  done_with missing-start
fi
if wanted rtp-only; then
  capture a rtp-only.pcap udp
  start b node -e 'const d = require("dgram"); for (const port of [6004, 6005]) d.createSocket("udp4").bind(port)'
  sleep 0.3
  in_ns a ffmpeg -loglevel error -re -t 3 -i "$run/a.wav" -c:a pcm_alaw -f rtp -payload_type 8 -seq 1000 -ssrc 305419896 "rtp://10.77.0.2:6004?localrtpport=6004&pkt_size=172" >/dev/null
  capture_done
  done_with rtp-only
fi
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
