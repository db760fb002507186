#!/usr/bin/env bash
# Calls between two baresips with SIP over TLS and the media's keys in the SDP inside: key log, SIP, a=crypto, audio. The secrets
# are in the pcapng (Decryption Secrets Block). Names given as arguments record only those.
#   srtp-tls13           TLS 1.3, AES_256_GCM_SHA384        srtp-tls12-gcm      TLS 1.2, ECDHE-ECDSA-AES128-GCM-SHA256
#   srtp-tls12-chacha    TLS 1.2, ChaCha20-Poly1305         srtp-tls12-cbc      TLS 1.2, AES-256-CBC with SHA-1, encrypt then MAC
#   srtp-tls12-cbc-mte   AES-128-CBC with SHA-256, MAC then encrypt   srtp-tls12-rsa  AES-128-CBC with SHA-256, RSA key exchange
# srtp-tls13 is kept as pcap without the secrets too, with the key log beside it.
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up
gcc -shared -fPIC -o "$run/shim.so" "$here/keylog-shim.c" -ldl
speech "$run/a.wav" 8000 en-gb "Even the signalling is private."
speech "$run/b.wav" 8000 en-us "Then the keys are private as well."
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=bob.example.com -keyout "$run/ec.pem" -out "$run/ec.crt" 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=bob.example.com -keyout "$run/rsa.pem" -out "$run/rsa.crt" 2>/dev/null
cat "$run/ec.crt" >>"$run/ec.pem"; cat "$run/rsa.crt" >>"$run/rsa.pem"

# call name ec|rsa version cipher [options of OpenSSL]
call() {
  local name=$1 certificate=$2 version=$3 cipher=$4
  printf 'openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\nMinProtocol = %s\nMaxProtocol = %s\n%s\nOptions = %s\n' \
    "$version" "$version" "$([ "$version" = TLSv1.3 ] && echo "Ciphersuites = $cipher" || echo "CipherString = $cipher")" "${5:-SessionTicket}" >"$run/openssl.cnf"
  BARESIP_EXTRA="sip_certificate $run/$certificate.pem" TRANSPORT=tls baresip_home alice 10.77.0.1 alice manual "aufile,$run/a.wav" "g711 srtp" "audio_codecs=PCMA;mediaenc=srtp-mand"
  BARESIP_EXTRA="sip_certificate $run/$certificate.pem" TRANSPORT=tls baresip_home bob 10.77.0.2 bob auto "aufile,$run/b.wav" "g711 srtp" "audio_codecs=PCMA;mediaenc=srtp-mand"
  capture a "$name.pcap"
  start b env OPENSSL_CONF="$run/openssl.cnf" baresip -4 -f "$run/bob"; local bob=$started
  start a env OPENSSL_CONF="$run/openssl.cnf" LD_PRELOAD="$run/shim.so" EARSHOT_KEY_LOG="$run/$name.keys" baresip -4 -f "$run/alice"; local alice=$started
  sleep 1
  key a "d sip:bob@10.77.0.2;transport=tls\n"
  sleep 2.2
  key a "b"
  sleep 0.6
  capture_done
  kill "$alice" "$bob" 2>/dev/null || true
  wait "$alice" "$bob" 2>/dev/null || true
  python3 "$here/open-srtp.py" "$run/$name.pcap" "$run/$name.json" --keylog "$run/$name.keys"
  editcap --inject-secrets "tls,$run/$name.keys" "$run/$name.pcap" "$run/$name.pcapng"
  keep "$name.pcapng" "$name.json"
  facts "$name.pcapng"
  tshark -n -r "$out/$name.pcapng" -Y tls.handshake.type==2 -T fields -e tls.handshake.version -e tls.handshake.ciphersuite -e tls.handshake.extension.type 2>/dev/null
}
if wanted srtp-tls13; then call srtp-tls13 ec TLSv1.3 TLS_AES_256_GCM_SHA384; keep srtp-tls13.pcap srtp-tls13.keys; fi
if wanted srtp-tls12-gcm; then call srtp-tls12-gcm ec TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256; fi
if wanted srtp-tls12-chacha; then call srtp-tls12-chacha ec TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305; fi
if wanted srtp-tls12-cbc; then call srtp-tls12-cbc ec TLSv1.2 ECDHE-ECDSA-AES256-SHA; fi
if wanted srtp-tls12-cbc-mte; then call srtp-tls12-cbc-mte ec TLSv1.2 ECDHE-ECDSA-AES128-SHA256 "SessionTicket,-EncryptThenMac"; fi
if wanted srtp-tls12-rsa; then call srtp-tls12-rsa rsa TLSv1.2 AES128-SHA256; fi
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
