#!/usr/bin/env bash
# Calls between two baresips with other codecs and with encrypted media. Names given as arguments record only those.
#   tones       PCMA, 440 Hz from the caller and 1000 Hz from the callee, both at -12 dBFS peak
#   g722-call   G.722            opus-call  Opus/48000/2          gsm-call   GSM full rate
#   g726-call   G726-32          l16-baresip L16 at 44100 Hz mono, as baresip offers it
#   srtp-sdes   SRTP, keys in the SDP (RFC 4568)   srtp-dtls  DTLS-SRTP (RFC 5764)
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up
# call name "modules" "account parameters" seconds wav-a wav-b
call() {
  baresip_home alice 10.77.0.1 alice manual "aufile,$5" "$2" "$3"
  baresip_home bob 10.77.0.2 bob auto "aufile,$6" "$2" "$3"
  capture a "$1.pcap"
  start b baresip -4 -f "$run/bob"; local bob=$started
  start a baresip -4 -f "$run/alice"; local alice=$started
  sleep 1.5
  key a "d sip:bob@10.77.0.2\n"
  sleep "$4"
  key a "b"
  sleep 0.7
  capture_done
  kill "$alice" "$bob" 2>/dev/null || true
  wait "$alice" "$bob" 2>/dev/null || true
  keep "$1.pcap"
  facts "$1.pcap"
}
voices() {
  speech "$run/a$1.wav" "$1" en-gb "The quick brown fox jumps over the lazy dog."
  speech "$run/b$1.wav" "$1" en-us "Pack my box with five dozen jugs of water."
}
if wanted tones; then
  tone "$run/440.wav" 8000 440 -12
  tone "$run/1000.wav" 8000 1000 -12
  call tones g711 "audio_codecs=PCMA" 4 "$run/440.wav" "$run/1000.wav"
fi
if wanted g722-call; then voices 16000; call g722-call "g711 g722" "audio_codecs=G722/16000/1" 4 "$run/a16000.wav" "$run/b16000.wav"; fi
if wanted opus-call; then
  for side in a b; do
    speech "$run/mono.wav" 48000 "$([ $side = a ] && echo en-gb || echo en-us)" "This call uses Opus, from side $side."
    sox "$run/mono.wav" -c 2 "$run/${side}48.wav"
  done
  call opus-call "opus g711" "audio_codecs=opus/48000/2" 4 "$run/a48.wav" "$run/b48.wav"
fi
if wanted gsm-call; then voices 8000; call gsm-call "gsm g711" "audio_codecs=GSM,PCMA" 4 "$run/a8000.wav" "$run/b8000.wav"; fi
if wanted g726-call; then voices 8000; call g726-call "g726" "audio_codecs=G726-32" 4 "$run/a8000.wav" "$run/b8000.wav"; fi
if wanted l16-baresip; then voices 44100; call l16-baresip "l16" "audio_codecs=L16/44100/1" 1 "$run/a44100.wav" "$run/b44100.wav"; fi
if wanted srtp-sdes; then voices 8000; call srtp-sdes "g711 srtp" "audio_codecs=PCMA;mediaenc=srtp-mand" 4 "$run/a8000.wav" "$run/b8000.wav"; fi
if wanted srtp-dtls; then voices 8000; call srtp-dtls "g711 dtls_srtp" "audio_codecs=PCMA;mediaenc=dtls_srtp" 4 "$run/a8000.wav" "$run/b8000.wav"; fi
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
