#!/usr/bin/env bash
# baresip calls baresip through an IPsec tunnel of strongSwan, ESP in UDP (RFC 3948), by its implementation outside the
# kernel (kernel-libipsec), so that no kernel needs to know ESP. esp-cbc.pcap: AES-CBC-256 with HMAC-SHA-256-128;
# esp-gcm.pcap: AES-GCM-128. esp-NAME.sas has the SAs as Wireshark's file esp_sa has them, from what strongSwan logs;
# esp-NAME-plain.pcap is the same call behind the tunnel, with the times of the device there. Besides lib.sh's packages strongswan-starter,
# strongswan-charon, libcharon-extra-plugins.
source "$(dirname "$0")/lib.sh"

# ipsec_up a|b own other "IKE and ESP proposals": a charon with files of its own.
ipsec_up() {
  local name=$1 own=$2 other=$3 esp=$4 dir=$run/ipsec-$1
  rm -rf "$dir"
  mkdir -p "$dir"
  cat >"$dir/strongswan.conf" <<CONF
charon {
  load = random nonce openssl pem pkcs1 hmac kdf sha1 sha2 aes gcm kernel-libipsec kernel-netlink socket-default stroke updown
  filelog {
    log {
      path = $dir/charon.log
      default = 1
      chd = 4
      flush_line = yes
    }
  }
  plugins {
    stroke {
      secrets_file = $dir/ipsec.secrets
    }
  }
}
CONF
  echo ": PSK \"not a secret\"" >"$dir/ipsec.secrets"
  cat >"$dir/ipsec.conf" <<CONF
conn call
  keyexchange=ikev2
  authby=psk
  ike=aes128-sha256-modp2048!
  esp=$esp!
  left=10.77.0.$own
  leftsubnet=10.78.0.$own/32
  right=10.77.0.$other
  rightsubnet=10.78.0.$other/32
  auto=$5
CONF
  ip -n "$ns$name" addr add "10.78.0.$own/32" dev lo
  start "$name" sh -c "mount -t tmpfs tmpfs /run && STRONGSWAN_CONF=$dir/strongswan.conf exec /usr/lib/ipsec/starter --nofork --conf $dir/ipsec.conf"
}

# sas file cipher authentication: both SAs, from the initiator's log.
sas() {
  python3 - "$run/ipsec-a/charon.log" "$2" "$3" >"$run/$1" <<'PY'
import re
import sys

log = open(sys.argv[1]).read()
spis = re.search(r"established with SPIs (\w+)_i (\w+)_o", log).groups()
inbound, outbound = spis


def key(name):
    match = re.search(name + r" key => \d+ bytes.*\n((?:.*?\d+: (?:[0-9A-F]{2} )+.*\n)+)", log)
    if match is None:
        return ""
    return "".join("".join(re.findall(r"[0-9A-F]{2} ", line.split(": ", 1)[1])).replace(" ", "") for line in match[1].splitlines()).lower()


for spi, src, dst, who in [(outbound, 1, 2, "initiator"), (inbound, 2, 1, "responder")]:
    fields = ["IPv4", f"10.77.0.{src}", f"10.77.0.{dst}", f"0x{spi}", sys.argv[2], "0x" + key(f"encryption {who}"), sys.argv[3]]
    integrity = key(f"integrity {who}")
    fields.append("0x" + integrity if integrity else "")
    print(",".join(f'"{field}"' for field in fields))
PY
}

# esp_call name proposal cipher authentication
esp_call() {
  local name=$1
  net_up
  baresip_home alice 10.78.0.1 alice manual "aufile,$run/caller.wav" "g711" "audio_codecs=PCMA"
  baresip_home bob 10.78.0.2 bob auto "aufile,$run/callee.wav" "g711" "audio_codecs=PCMA"
  capture a "$name.pcap"
  local outside=$tcpdump_pid
  ipsec_up b 2 1 "$2" add
  sleep 1.5
  ipsec_up a 1 2 "$2" start
  sleep 4
  capture a "$name-plain.pcap" -i ipsec0
  start b baresip -4 -f "$run/bob"
  start a baresip -4 -f "$run/alice"
  sleep 1
  key a "d sip:bob@10.78.0.2
"
  sleep 2
  key a "b"
  sleep 1
  capture_done
  capture_done "$outside"
  sas "$name.sas" "$3" "$4"
  keep "$name.pcap" "$name-plain.pcap" "$name.sas"
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  children=()
  sleep 0.5
  for each in a b s; do ip netns del "$ns$each"; done
}

speech "$run/caller.wav" 8000 en-gb "Hello, this is Alice. I am calling about the invoice number four two seven."
speech "$run/callee.wav" 8000 en-us "Good morning, Bob speaking. Please give me a moment, I will look it up."
esp_call esp-cbc aes256-sha256-modp2048 "AES-CBC [RFC3602]" "HMAC-SHA-256-128 [RFC4868]"
esp_call esp-gcm aes128gcm16-modp2048 "AES-GCM with 16 octet ICV [RFC4106]" "NULL"
