#!/usr/bin/env bash
# Packets in files that are no captures, each beside the capture it can be compared with. Names given as arguments record only those.
#   browser-call     Chromium calls Firefox for a second; the capture with its secrets, and what both browsers log of their packets
#   hex-dumps        of g711a-call.pcap and register.pcap, made by tshark, od, hexdump and xxd
#   snoop            a part of g711a-call.pcap, written by editcap
#   rtpdump          RTP and RTCP of the same, written by rtpdump.py
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
captures=$here/../captures
out=$out/containers
mkdir -p "$out"

if wanted browser-call; then
  net_up
  # Firefox gathers addresses only where there is a way out.
  ip -n "${ns}b" route add default via 10.77.0.1
  printf '#!/bin/sh\nexec /usr/bin/chromium "$@" 2>%s\n' "$run/chromium.log" >"$run/chromium"
  chmod +x "$run/chromium"
  capture a browser-call.pcap host 10.77.0.1 and host 10.77.0.2
  MOZ_LOG=timestamp,RtpLogger:5 MOZ_LOG_FILE="$run/firefox.log" \
    start b env SSLKEYLOGFILE="$run/browser-call.keys" node "$here/firefox-answer.mjs" 10.77.0.2
  sleep 3
  EARSHOT_CHROMIUM="$run/chromium" in_ns a node "$here/chromium-call.mjs" 10.77.0.1 10.77.0.2:5060 0.8 \
    --enable-logging=stderr --vmodule=srtp_session=1 --force-fieldtrials=WebRTC-Debugging-RtpDump/Enabled/
  capture_done
  editcap --inject-secrets "tls,$run/browser-call.keys" "$run/browser-call.pcap" "$run/browser-call.pcapng"
  # Firefox ends before it has written all of its log: what is there is cut in the middle of a packet.
  cat "$run"/firefox.log*.moz_log >"$run/browser-call.firefox.log"
  # The first lines name folders of this machine.
  grep -a -A2 srtp_session "$run/chromium.log" | grep -av '^--$' >"$run/browser-call.chromium.log"
  for file in browser-call.pcapng browser-call.chromium.log browser-call.firefox.log; do cp "$run/$file" "$out/$file"; done
fi

if wanted hex-dumps; then
  tshark -r "$captures/g711a-call.pcap" -c 30 -x >"$out/frames.txt" 2>/dev/null
  # Payloads alone, a direction and a time in front of each, by od.
  python3 "$here/payload-dump.py" "$captures/g711a-call.pcap" 10.77.0.1 60 "$out/payloads.txt"
  # A single frame by other programs: octets 40 to the end of a capture of one.
  editcap -F pcap -r "$captures/g711a-call.pcap" "$run/one.pcap" 3
  tail -c +41 "$run/one.pcap" >"$run/one.bin"
  hexdump -C -v "$run/one.bin" >"$out/one-frame-hexdump.txt"
  xxd "$run/one.bin" >"$out/one-frame-xxd.txt"
  od -Ad -tx1 -v "$run/one.bin" >"$out/one-frame-decimal.txt"
fi

if wanted snoop; then
  editcap -F snoop -r "$captures/g711a-call.pcap" "$out/g711a-call.snoop" 1-200
fi

if wanted rtpdump; then
  python3 "$here/rtpdump.py" "$captures/g711a-call.pcap" 10.77.0.1 10.77.0.2 "$out/g711a-call.rtpdump"
fi
ls -la "$out"
