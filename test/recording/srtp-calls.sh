#!/usr/bin/env bash
# Encrypted calls between two baresips, with the secrets that open them. Names given as arguments record only those.
#   srtp-sdes-speech   keys in the SDP, speech and digits both ways; what each side's microphone gave, as WAV
#   srtp-dtls-speech   DTLS-SRTP (RFC 5764), the key log beside it, and the same as pcapng with the secrets inside
#   dtls-alert         the two have no cipher suite in common: the handshake ends with an alert, no media
#   dtls-lost          datagrams over 300 octets do not reach the callee: the handshake stops half way, no media
#   dtls-retransmitted datagrams over 900 octets do not reach the callee: OpenSSL sends the flights again in smaller ones
#   srtp-dtls-gcm-128, srtp-dtls-gcm-256, srtp-dtls-32, srtp-dtls10   other suites, profiles and versions, pcapng with secrets
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up
gcc -shared -fPIC -o "$run/shim.so" "$here/keylog-shim.c" -ldl
speech "$run/a.wav" 8000 en-gb "This line is private. Nobody else can hear the number five."
speech "$run/b.wav" 8000 en-us "I hear you well, and I am typing a seven."

# call name seconds "modules" "account parameters": alice calls bob and hangs up; $run/$1.pcap, and from alice's side alone the key
# log and what the exporter gave. Each side's voice before it is encoded goes to $run/snd-a and $run/snd-b (module sndfile).
call() {
  local name=$1 seconds=$2 side
  mkdir -p "$run/snd-a" "$run/snd-b"
  BARESIP_EXTRA="snd_path $run/snd-a" baresip_home alice 10.77.0.1 alice manual "aufile,$run/a.wav" "g711 sndfile $3" "$4"
  BARESIP_EXTRA="snd_path $run/snd-b" baresip_home bob 10.77.0.2 bob auto "aufile,$run/b.wav" "g711 sndfile $3" "$4"
  capture a "$name.pcap"
  start b env LD_PRELOAD="$run/shim.so" ${BOB_OPENSSL_CONF:+OPENSSL_CONF=$BOB_OPENSSL_CONF} baresip -4 -f "$run/bob"; local bob=$started
  start a env LD_PRELOAD="$run/shim.so" EARSHOT_KEY_LOG="$run/$name.keys" EARSHOT_EXPORTED="$run/$name.exported" baresip -4 -f "$run/alice"; local alice=$started
  sleep 1.5
  key a "d sip:bob@10.77.0.2\n"
  sleep 2
  key a 5; sleep 0.15; key a "\x04"
  key b 7; sleep 0.15; key b "\x04"
  sleep "$seconds"
  key a "b"
  sleep 0.7
  capture_done
  kill "$alice" "$bob" 2>/dev/null || true
  wait "$alice" "$bob" 2>/dev/null || true
}

if wanted srtp-sdes-speech; then
  call srtp-sdes-speech 2.2 srtp "audio_codecs=PCMA;mediaenc=srtp-mand"
  python3 "$here/open-srtp.py" "$run/srtp-sdes-speech.pcap" "$run/srtp-sdes-speech.json"
  mv "$run/snd-a"/*enc.wav "$run/srtp-sdes-speech.caller.wav"
  mv "$run/snd-b"/*enc.wav "$run/srtp-sdes-speech.callee.wav"
  keep srtp-sdes-speech.caller.wav srtp-sdes-speech.callee.wav
  keep srtp-sdes-speech.pcap srtp-sdes-speech.json
  facts srtp-sdes-speech.pcap
fi

if wanted srtp-dtls-speech; then
  call srtp-dtls-speech 1.5 dtls_srtp "audio_codecs=PCMA;mediaenc=dtls_srtp"
  python3 "$here/open-srtp.py" "$run/srtp-dtls-speech.pcap" "$run/srtp-dtls-speech.json" --exported "$run/srtp-dtls-speech.exported"
  editcap --inject-secrets "tls,$run/srtp-dtls-speech.keys" "$run/srtp-dtls-speech.pcap" "$run/srtp-dtls-speech.pcapng"
  keep srtp-dtls-speech.pcap srtp-dtls-speech.pcapng srtp-dtls-speech.keys srtp-dtls-speech.json
  facts srtp-dtls-speech.pcap
fi
# open_up name: the facts, and the secrets into the capture.
open_up() {
  local name=$1
  python3 "$here/open-srtp.py" "$run/$name.pcap" "$run/$name.json" --exported "$run/$name.exported"
  editcap --inject-secrets "tls,$run/$name.keys" "$run/$name.pcap" "$run/$name.pcapng"
  keep "$name.pcapng" "$name.json"
  facts "$name.pcapng"
}

# openssl_conf file version ciphers [options]: makes OpenSSL offer and take these only.
openssl_conf() {
  printf 'openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\nMinProtocol = %s\nMaxProtocol = %s\nCipherString = %s\nOptions = %s\n' \
    "$2" "$2" "$3" "${4:-SessionTicket}" >"$1"
}

# dtls name profile version ciphers [options of OpenSSL]: a short DTLS-SRTP call with these choices.
dtls() {
  local name=$1 profile=$2; shift 2
  wanted "$name" || return 0
  openssl_conf "$run/openssl.cnf" "$@"
  OPENSSL_CONF="$run/openssl.cnf" EARSHOT_SRTP_PROFILES=$profile call "$name" 0.2 dtls_srtp "audio_codecs=PCMA;mediaenc=dtls_srtp"
  open_up "$name"
}
dtls srtp-dtls-gcm-128 SRTP_AEAD_AES_128_GCM DTLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 "SessionTicket,-ExtendedMasterSecret"
dtls srtp-dtls-gcm-256 SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM DTLSv1.2 ECDHE-RSA-CHACHA20-POLY1305
dtls srtp-dtls-32 SRTP_AES128_CM_SHA1_32 DTLSv1.2 ECDHE-RSA-AES256-SHA384 "-SessionTicket,-ExtendedMasterSecret"
dtls srtp-dtls10 SRTP_AES128_CM_SHA1_80 DTLSv1 ECDHE-RSA-AES128-SHA:@SECLEVEL=0

if wanted dtls-alert; then
  openssl_conf "$run/caller.cnf" DTLSv1.2 ECDHE-RSA-AES256-GCM-SHA384
  openssl_conf "$run/callee.cnf" DTLSv1.2 ECDHE-RSA-CHACHA20-POLY1305
  OPENSSL_CONF="$run/caller.cnf" BOB_OPENSSL_CONF="$run/callee.cnf" call dtls-alert 0 dtls_srtp "audio_codecs=PCMA;mediaenc=dtls_srtp"
  keep dtls-alert.pcap
fi
# lossy octets name seconds: a DTLS-SRTP call whose callee gets no longer UDP datagrams than this on its media ports.
lossy() {
  in_ns b nft "table inet lossy { chain input { type filter hook input priority 0; udp dport 40000-40101 udp length > $1 drop; }; }"
  call "$2" "$3" dtls_srtp "audio_codecs=PCMA;mediaenc=dtls_srtp"
  in_ns b nft delete table inet lossy
}
if wanted dtls-lost; then
  lossy 300 dtls-lost 2
  keep dtls-lost.pcap
fi
if wanted dtls-retransmitted; then
  lossy 900 dtls-retransmitted 1
  open_up dtls-retransmitted
fi
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
