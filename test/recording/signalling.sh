#!/usr/bin/env bash
# Small calls between two sipp programs, one capture each. Names given as arguments record only those.
source "$(dirname "$0")/lib.sh"
source "$here/sipp.sh"
net_up
speech "$run/a.wav" 8000 en-gb "This is the caller, speaking."
speech "$run/b.wav" 8000 en-us "The number you have dialled is busy, please hold the line."
for side in a b; do
  for kind in a u; do law "$run/$side.wav" "$run/$side.${kind}l" "$kind"; done
done
pcmu="0 101"; pcmu_map="0 PCMU/8000,101 telephone-event/8000"
pcma="8 101"; pcma_map="8 PCMA/8000,101 telephone-event/8000"

wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
names=("$@")

# record name [caller's sipp options]: run uas.xml and uac.xml under a capture.
record() {
  local name=$1; shift
  capture a "$name.pcap"
  uas "$run/uas.xml"
  uac "$run/uac.xml" "$@"
  capture_done
  kill "$started" 2>/dev/null || true
  wait "$started" 2>/dev/null || true
  keep "$name.pcap"
  facts "$name.pcap"
}
caller() { { scenario_open; "$1"; scenario_close; } >"$run/uac.xml"; }
callee() { { scenario_open; "$1"; scenario_close; } >"$run/uas.xml"; }

if wanted early-media; then
  # The callee plays an announcement behind 183 before it answers; the caller speaks after the 200.
  b() { expect INVITE; respond 100 Trying; respond 183 'Session Progress' '' "$(sdp '[rtpstream_audio_port]' "$pcmu" "$pcmu_map")"
    stream "$run/b.ul" 0; pause 2200; respond 200 OK '' "$(sdp '[rtpstream_audio_port]' "$pcmu" "$pcmu_map")" 'retrans="500"'; expect ACK; TAGGED=1; expect BYE; respond 200 OK; TAGGED=0; }
  a() { request INVITE 1 '' "$(sdp '[rtpstream_audio_port]' "$pcmu" "$pcmu_map")"; optional 100; expect 183; expect 200; request ACK 1; stream "$run/a.ul" 0; pause 2500; request BYE 2; expect 200; }
  caller a; callee b; record early-media
fi

if wanted hold-resume; then
  # Hold (sendonly answered recvonly), then inactive, then resume.
  b() { expect INVITE; respond 180 Ringing; pause 500; respond 200 OK '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map")" 'retrans="500"'; expect ACK; stream "$run/b.al" 8
    TAGGED=1; expect INVITE '' '<exec rtp_stream="pause"/>'; respond 200 OK '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map" recvonly 2)"; expect ACK
    expect INVITE; respond 200 OK '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map" inactive 3)"; expect ACK
    expect INVITE; respond 200 OK '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map" sendrecv 4)"; expect ACK '' '<exec rtp_stream="resume"/>'
    expect BYE; respond 200 OK; TAGGED=0; }
  a() { request INVITE 1 '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map")"; expect 180; expect 200; request ACK 1; stream "$run/a.al" 8; pause 1200
    request INVITE 2 '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map" sendonly 2)"; expect 200; request ACK 2; pause 800
    request INVITE 3 '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map" inactive 3)"; expect 200; request ACK 3 '' '' '' ; printf '<nop><action><exec rtp_stream="pause"/></action></nop>\n'; pause 800
    request INVITE 4 '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map" sendrecv 4)"; expect 200; request ACK 4; printf '<nop><action><exec rtp_stream="resume"/></action></nop>\n'; pause 1000
    request BYE 5; expect 200; }
  caller a; callee b; record hold-resume
fi

if wanted codec-switch; then
  # PCMU, then PCMA by a re-INVITE on the same ports.
  b() { expect INVITE; respond 180 Ringing; respond 200 OK '' "$(sdp '[rtpstream_audio_port]' "$pcmu" "$pcmu_map")" 'retrans="500"'; expect ACK; stream "$run/b.ul" 0
    TAGGED=1; expect INVITE; respond 200 OK '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map" sendrecv 2)"; expect ACK; stream "$run/b.al" 8; expect BYE; respond 200 OK; TAGGED=0; }
  a() { request INVITE 1 '' "$(sdp '[rtpstream_audio_port]' "$pcmu" "$pcmu_map")"; expect 180; expect 200; request ACK 1; stream "$run/a.ul" 0; pause 2000
    request INVITE 2 '' "$(sdp '[rtpstream_audio_port]' "$pcma" "$pcma_map" sendrecv 2)"; expect 200; request ACK 2; stream "$run/a.al" 8; pause 2000; request BYE 3; expect 200; }
  caller a; callee b; record codec-switch
fi

if wanted cancelled; then
  b() { expect INVITE; respond 100 Trying; respond 180 Ringing
    printf '<recv request="CANCEL"/>\n'; respond 200 OK
    printf '<send retrans="500"><![CDATA[\n\nSIP/2.0 487 Request Terminated\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]s[call_number]\n[last_Call-ID:]\nCSeq: 1 INVITE\nContent-Length: 0\n\n]]></send>\n'
    expect ACK; }
  a() { request INVITE 1 '' "$(sdp 6000 "$pcma" "$pcma_map")"; expect 100; expect 180; pause 1500; request CANCEL 1 'Reason: SIP;cause=487;text="ORIGINATOR_CANCEL"'; expect 200; expect 487; request ACK 1 '' '' 1; }
  caller a; callee b; record cancelled
fi

if wanted rejected; then
  b() { expect INVITE; respond 100 Trying; respond 486 'Busy Here' 'Warning: 399 bob.example "In a meeting"\nReason: Q.850;cause=17;text="User busy"' '' 'retrans="500"'; expect ACK; }
  a() { request INVITE 1 '' "$(sdp 6000 "$pcma" "$pcma_map")"; optional 100; expect 486; request ACK 1 '' '' 1; }
  caller a; callee b; record rejected
fi

if wanted auth-call; then
  # 407, ACK, INVITE again with credentials (user alice, password "lantern"), a short call without media.
  b() { expect INVITE; respond 407 'Proxy Authentication Required' 'Proxy-Authenticate: Digest realm="example.com", nonce="47364c23432d2e131a5fb210812c", qop="auth", algorithm=MD5' ''; expect ACK; TAGGED=0; expect INVITE; respond 180 Ringing; respond 200 OK '' "$(sdp 7000 "$pcma" "$pcma_map")" 'retrans="500"'; expect ACK; TAGGED=1; expect BYE; respond 200 OK; TAGGED=0; }
  a() { request INVITE 1 '' "$(sdp 6000 "$pcma" "$pcma_map")"; expect 407 'auth="true"'; request ACK 1 '' '' 1; NO_TO_TAG=1 request INVITE 2 '[authentication username=alice password=lantern]' "$(sdp 6000 "$pcma" "$pcma_map")"; expect 180; expect 200; request ACK 2; pause 1000; request BYE 3; expect 200; }
  caller a; callee b; record auth-call
fi

if wanted register; then
  b() { expect REGISTER; respond 401 Unauthorized 'WWW-Authenticate: Digest realm="example.com", nonce="5b1f0c9ee2d04c7f9a61", qop="auth", algorithm=MD5'; expect REGISTER; respond 200 OK 'Expires: 3600'; }
  a() { URI=sip:[remote_ip]; TO=alice; request REGISTER 1 'Expires: 3600'; expect 401 'auth="true"'; NO_TO_TAG=1 request REGISTER 2 'Expires: 3600\n[authentication username=alice password=lantern]'; expect 200; unset URI TO; }
  caller a; TO=alice callee b; record register
fi

if wanted options; then
  b() { expect OPTIONS; respond 200 OK 'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\nAccept: application/sdp\nSupported: 100rel, timer'; }
  a() { request OPTIONS 1 'Accept: application/sdp'; expect 200; }
  caller a; callee b; record options
fi
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
