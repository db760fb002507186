#!/usr/bin/env bash
# srtp-rtpengine: a baresip with SDES calls one with DTLS-SRTP; kamailio and rtpengine (Debian packages kamailio,
# rtpengine-daemon) stand between, and decrypt and encrypt again. Captured at rtpengine, both legs.
source "$(dirname "$0")/lib.sh"
net_up relay
gcc -shared -fPIC -o "$run/shim.so" "$here/keylog-shim.c" -ldl
speech "$run/a.wav" 8000 en-gb "My keys are in the signalling."
speech "$run/b.wav" 8000 en-us "Mine are not."
name=srtp-rtpengine
start r env LD_PRELOAD="$run/shim.so" EARSHOT_KEY_LOG="$run/$name.keys" EARSHOT_EXPORTED="$run/$name.exported" EARSHOT_SRTP_PROFILES="${PROFILES:-SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80}" \
  rtpengine --config-file=none --foreground --log-stderr --log-level=6 --interface=10.77.0.3 --listen-ng=127.0.0.1:2223 --port-min=30000 --port-max=30100 --table=-1
start r kamailio -f "$here/rtpengine-proxy.cfg" -DD -E -Y "$run" -P "$run/kamailio.pid"
baresip_home alice 10.77.0.1 alice manual "aufile,$run/a.wav" "g711 srtp" "audio_codecs=PCMA;mediaenc=srtp-mand"
baresip_home bob 10.77.0.2 bob auto "aufile,$run/b.wav" "g711 dtls_srtp" "audio_codecs=PCMA;mediaenc=dtls_srtp"
capture r "$name.pcap"
start b env LD_PRELOAD="$run/shim.so" EARSHOT_SRTP_PROFILES=SRTP_AEAD_AES_256_GCM baresip -4 -f "$run/bob"
start a baresip -4 -f "$run/alice"
sleep 1.5
key a "d sip:bob@10.77.0.3\n"
sleep 3.5
key a "b"
sleep 0.7
capture_done
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
python3 "$here/open-srtp.py" "$run/$name.pcap" "$run/$name.json" --exported "$run/$name.exported"
editcap --inject-secrets "tls,$run/$name.keys" "$run/$name.pcap" "$run/$name.pcapng"
keep "$name.pcapng" "$name.json"
facts "$name.pcapng"
