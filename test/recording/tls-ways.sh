#!/usr/bin/env bash
# TLS in all the ways it encrypts, with something to read inside, and DTLS-SRTP handshakes with what they export. Names given
# as arguments record only those.
#   tls-suites       a connection for every cipher suite, version, resumption … (tls-suites.mjs); .json: what was said inside
#   tls-key-update   TLS 1.3: both sides change keys twice; tls-early-data: TLS 1.3 with 0-RTT; records padded to 64 octets
#   dtls-exporter    DTLS handshakes by openssl and gnutls; .json: what EXTRACTOR-dtls_srtp gave each of them
# All have their secrets inside (Decryption Secrets Block). Debian package gnutls-bin beside those of lib.sh.
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=bob.example.com -keyout "$run/ec.pem" -out "$run/ec.crt" 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=bob.example.com -keyout "$run/rsa.pem" -out "$run/rsa.crt" 2>/dev/null
cat "$run/ec.crt" >>"$run/ec.pem"; cat "$run/rsa.crt" >>"$run/rsa.pem"
options() { printf 'OPTIONS sip:bob@10.77.0.2 SIP/2.0\r\nVia: SIP/2.0/TLS 10.77.0.1;branch=z9hG4bK%s\r\nFrom: <sip:alice@example.com>;tag=%s\r\nTo: <sip:bob@example.com>\r\nCall-ID: %s@example.com\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n' "$1" "$1" "$1"; }
answer() { printf 'SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS 10.77.0.1;branch=z9hG4bK%s\r\nFrom: <sip:alice@example.com>;tag=%s\r\nTo: <sip:bob@example.com>;tag=b\r\nCall-ID: %s@example.com\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n' "$1" "$1" "$1"; }
# stop: ends what was started last, with what it started itself.
stop() { pkill -P "$started" || true; kill "$started" 2>/dev/null || true; wait "$started" 2>/dev/null || true; }
# with_secrets name: the secrets go into the capture.
with_secrets() {
  editcap -F pcapng --inject-secrets "tls,$run/$1.keys" "$run/$1.pcap" "$run/$1.pcapng"
  node "$here/plain-host.mjs" "$run/$1.pcapng"
  keep "$1.pcapng"
}

if wanted tls-suites; then
  capture a tls-suites.pcap tcp port 5061
  start b node "$here/tls-suites.mjs" server 10.77.0.2 "$run/rsa.pem" "$run/ec.pem"
  sleep 1
  in_ns a node "$here/tls-suites.mjs" client 10.77.0.2 "$run/tls-suites.keys" "$run/tls-suites.json"
  stop
  capture_done
  with_secrets tls-suites; keep tls-suites.json
fi

# A letter K or k at the start of a line makes openssl s_client and s_server change keys; K asks the other side to, too.
if wanted tls-key-update; then
  capture a tls-key-update.pcap tcp port 5061
  answers() { sleep 1.3; answer before; sleep 0.6; answer after-first; sleep 0.8; answer after-third; sleep 5; }
  export -f answers answer
  start b bash -c "answers | openssl s_server -quiet -accept 10.77.0.2:5061 -cert $run/ec.crt -key $run/ec.pem -tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256 -num_tickets 0"
  sleep 0.5
  { sleep 0.4; options before; sleep 0.3; echo K; sleep 0.3; options after-first; sleep 0.3; echo K; sleep 0.3; echo k; sleep 0.3; options after-third; sleep 0.9; echo Q; } |
    in_ns a openssl s_client -connect 10.77.0.2:5061 -tls1_3 -record_padding 64 -keylogfile "$run/tls-key-update.keys" >"$run/client.log" 2>&1
  stop
  capture_done
  with_secrets tls-key-update
fi

if wanted tls-early-data; then
  capture a tls-early-data.pcap tcp port 5061
  # It would end with its input, and cannot answer by itself with early data.
  start b bash -c "sleep 20 | openssl s_server -quiet -early_data -accept 10.77.0.2:5061 -cert $run/ec.crt -key $run/ec.pem -tls1_3 -max_early_data 4096"
  sleep 0.5
  { sleep 0.5; options first; sleep 0.3; echo Q; } |
    in_ns a openssl s_client -connect 10.77.0.2:5061 -tls1_3 -sess_out "$run/session.pem" -keylogfile "$run/tls-early-data.keys" >"$run/client.log" 2>&1
  options early >"$run/early.txt"
  { sleep 0.5; options late; sleep 0.3; echo Q; } |
    in_ns a openssl s_client -connect 10.77.0.2:5061 -tls1_3 -sess_in "$run/session.pem" -early_data "$run/early.txt" -keylogfile "$run/tls-early-data.keys" >"$run/client.log" 2>&1
  stop
  capture_done
  with_secrets tls-early-data
fi

# exported name profile length material: adds what an endpoint says it exported.
exported() { echo "  {\"name\": \"$1\", \"profile\": \"$2\", \"material\": \"$(echo "$3" | tr A-F a-f)\"}," >>"$run/dtls-exporter.json"; }
# dtls name profile length "server options" "client options": a handshake between two openssl's.
dtls() {
  start b bash -c "sleep 5 | openssl s_server -accept 10.77.0.2:4433 -cert $run/ec.crt -key $run/ec.pem -use_srtp $2 $4"
  sleep 0.5
  { sleep 0.6; echo Q; } |
    in_ns a openssl s_client -connect 10.77.0.2:4433 -use_srtp "$2" -cert "$run/rsa.crt" -key "$run/rsa.pem" -keylogfile "$run/dtls-exporter.keys" -keymatexport EXTRACTOR-dtls_srtp -keymatexportlen "$3" $5 >"$run/client.log" 2>&1 || true
  stop
  exported "$1" "$2" "$(sed -n 's/^ *Keying material: //p' "$run/client.log" | head -1)"
}
# The same by gnutls, which can do without the extended master secret.
dtls_gnutls() {
  start b gnutls-serv --udp -p 4433 --priority "$4" --x509certfile "$run/ec.crt" --x509keyfile "$run/ec.pem" --srtp-profiles="$2" --echo
  sleep 0.7
  { sleep 0.8; } | in_ns a env SSLKEYLOGFILE="$run/dtls-exporter.keys" gnutls-cli --udp --insecure -p 4433 --priority "$4" --srtp-profiles="$2" --keymatexport EXTRACTOR-dtls_srtp --keymatexportsize "$3" 10.77.0.2 >"$run/client.log" 2>&1 || true
  stop
  exported "$1" "$2" "$(sed -n 's/.*Key material: *//p' "$run/client.log" | head -1)"
}
if wanted dtls-exporter; then
  echo '[' >"$run/dtls-exporter.json"
  capture a dtls-exporter.pcap udp port 4433
  dtls openssl-sha256 SRTP_AES128_CM_SHA1_80 60 -dtls1_2 "-dtls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256"
  dtls openssl-sha384 SRTP_AES128_CM_SHA1_32 60 -dtls1_2 "-dtls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384"
  dtls openssl-gcm128 SRTP_AEAD_AES_128_GCM 56 -dtls1_2 "-dtls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305"
  dtls openssl-gcm256 SRTP_AEAD_AES_256_GCM 88 -dtls1_2 "-dtls1_2 -cipher ECDHE-ECDSA-AES256-SHA384"
  dtls openssl-dtls10 SRTP_AES128_CM_SHA1_80 60 "-dtls1 -cipher ALL:@SECLEVEL=0" "-dtls1 -cipher ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"
  dtls openssl-cookie SRTP_AES128_CM_SHA1_80 60 "-dtls1_2 -listen" -dtls1_2
  dtls openssl-fragments SRTP_AES128_CM_SHA1_80 60 "-dtls1_2 -mtu 300 -Verify 1" "-dtls1_2 -mtu 300"
  dtls_gnutls gnutls-extended SRTP_AES128_CM_HMAC_SHA1_80 60 NORMAL:-VERS-ALL:+VERS-DTLS1.2
  dtls_gnutls gnutls-not-extended SRTP_AES128_CM_HMAC_SHA1_80 60 NORMAL:-VERS-ALL:+VERS-DTLS1.2:%NO_SESSION_HASH
  dtls_gnutls gnutls-sha384-not-extended SRTP_AES128_CM_HMAC_SHA1_32 60 NORMAL:-VERS-ALL:+VERS-DTLS1.2:-AES-128-GCM:-CHACHA20-POLY1305:%NO_SESSION_HASH
  capture_done
  sed -i '$ s/,$//' "$run/dtls-exporter.json"; echo ']' >>"$run/dtls-exporter.json"
  with_secrets dtls-exporter; keep dtls-exporter.json
fi
[ -z "${DEBUG:-}" ] || cat "$run"/*.log
