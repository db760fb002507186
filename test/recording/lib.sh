# Shared by the recording scripts: two (or three) network namespaces, a capture, speech, and programs with
# fixed addresses. Source it; it needs root and the Debian packages iproute2, ethtool, tcpdump, tshark,
# wireshark-common, baresip-core, sip-tester, kamailio, tcpreplay, espeak-ng, sox, ffmpeg, python3, openssl; and node. Encrypted
# media needs libsrtp2-1, python3-openssl, gcc, libssl-dev, nftables, rtpengine-daemon, chromium and firefox-esr besides; STUN, TURN and ICE
# need nftables, coturn, chromium and python3-openssl.
#
#   caller  10.77.0.1  fd77::1
#   callee  10.77.0.2  fd77::2
#   relay   10.77.0.3  on the same switch, only with net_up relay
#   inside  10.77.1.2, 10.77.2.2  behind caller and callee, where nat_up makes these routers
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${EARSHOT_CAPTURES:-$here/../captures}
run=$(mktemp -d)
ns=ears$$
children=()
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$out"

[ "$(id -u)" = 0 ] || { echo "needs root: network namespaces and tcpdump" >&2; exit 1; }

cleanup() {
  local child name
  for child in "${children[@]:-}"; do
    [ -n "$child" ] && kill "$child" 2>/dev/null || true
  done
  for name in a b r s c d; do
    ip netns del "$ns$name" 2>/dev/null || true
  done
  rm -rf "$run"
}
trap cleanup EXIT

# net_up [relay]: a bridge in its own namespace joins caller (a), callee (b) and, when asked, the relay (r).
# Offloads are off so that checksums and segment sizes in the capture are what a wire would carry.
net_up() {
  local names="a b" name n=0
  [ "${1:-}" = relay ] && names="a b r"
  ip netns add "${ns}s"
  ip -n "${ns}s" link add br0 type bridge mcast_snooping 0
  ip netns exec "${ns}s" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip -n "${ns}s" link set br0 up
  for name in $names; do
    n=$((n + 1))
    ip netns add "$ns$name"
    ip netns exec "$ns$name" sysctl -qw net.ipv6.conf.all.disable_ipv6="${NO_IPV6:-1}" net.ipv6.conf.default.accept_dad=0
    ip -n "$ns$name" link add eth0 address "02:00:00:77:00:0$n" type veth peer name "p$name" netns "${ns}s"
    ip -n "${ns}s" link set "p$name" master br0 up
    ip -n "$ns$name" addr add "10.77.0.$n/24" dev eth0
    [ "${NO_IPV6:-1}" = 1 ] || ip -n "$ns$name" addr add "fd77::$n/64" dev eth0 nodad
    ip -n "$ns$name" link set lo up
    ip -n "$ns$name" link set eth0 up
    ip netns exec "$ns$name" ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true
    ip netns exec "${ns}s" ethtool -K "p$name" tx off tso off gso off gro off >/dev/null 2>&1 || true
  done
}

# nat_up a|b [masquerade options]: the caller (a) or the callee (b) becomes a router that translates addresses for a
# namespace behind it, c 10.77.1.2 or d 10.77.2.2. `fully-random` gives another port for every destination (symmetric NAT).
nat_up() {
  local outer=$1 inner=c number=1; shift
  [ "$outer" = a ] || { inner=d; number=2; }
  ip netns add "$ns$inner"
  ip netns exec "$ns$inner" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip -n "$ns$inner" link add eth0 address "02:00:00:77:0$number:02" type veth peer name inside netns "$ns$outer"
  ip -n "$ns$inner" addr add "10.77.$number.2/24" dev eth0
  ip -n "$ns$outer" addr add "10.77.$number.1/24" dev inside
  ip -n "$ns$inner" link set lo up
  ip -n "$ns$inner" link set eth0 up
  ip -n "$ns$outer" link set inside up
  ip -n "$ns$inner" route add default via "10.77.$number.1"
  ip netns exec "$ns$inner" ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true
  ip netns exec "$ns$outer" ethtool -K inside tx off tso off gso off gro off >/dev/null 2>&1 || true
  ip netns exec "$ns$outer" sysctl -qw net.ipv4.ip_forward=1
  nowhere "$outer"
  ip netns exec "$ns$outer" nft -f - <<EOF
table ip nat {
  chain postrouting { type nat hook postrouting priority 100; oifname "eth0" ip saddr 10.77.$number.0/24 masquerade $*; }
  # A router drops what nobody asked for; answered with ICMP, it would take the port that the inside is about to have.
  chain input { type filter hook input priority 0; iifname "eth0" ip protocol udp ct state new drop; }
}
EOF
}

# nowhere name: what a namespace has no way to is lost without a word, as behind a firewall.
nowhere() {
  ip -n "$ns$1" link add nowhere type veth peer name "end$1" netns "${ns}s"
  ip -n "${ns}s" link set "end$1" up
  ip -n "$ns$1" link set nowhere arp off up
  ip -n "$ns$1" route add default dev nowhere
}

# in_ns a|b|r command...: run a command inside a namespace.
in_ns() { local name=$1; shift; ip netns exec "$ns$name" "$@"; }

# start a|b|r command...: run in the background, output kept in the run folder; the process id is in $started.
start() {
  local name=$1; shift
  ip netns exec "$ns$name" "$@" >>"$run/$name.log" 2>&1 </dev/null &
  started=$!
  children+=("$started")
}

# capture a|b|r file [tcpdump options...]: start capturing (eth0 unless another -i is given).
capture() {
  local name=$1 file=$2; shift 2
  case " $* " in *" -i "*) ;; *) set -- -i eth0 "$@" ;; esac
  ip netns exec "$ns$name" tcpdump -Z root -U -n --immediate-mode -w "$run/$file" "$@" >>"$run/tcpdump.log" 2>&1 &
  tcpdump_pid=$!
  children+=("$tcpdump_pid")
  for _ in $(seq 50); do
    [ -s "$run/$file" ] && return
    sleep 0.1
  done
  cat "$run/tcpdump.log" >&2
  return 1
}

# capture_done [pid]: let the last packets arrive, then stop.
capture_done() {
  local pid=${1:-$tcpdump_pid}
  sleep 0.8
  kill -INT "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# keep file...: move finished captures from the run folder to the captures folder.
keep() {
  local file
  for file in "$@"; do
    install -m 644 "$run/$file" "$out/$file"
    echo "$file $(stat -c %s "$out/$file") octets"
  done
}

# speech file rate voice text: mono 16-bit WAV, 1 s of near silence after it repeated so that it outlasts a call.
speech() {
  espeak-ng -v "$3" -s 150 -w "$run/raw.wav" "$4"
  sox "$run/raw.wav" -r "$2" -c 1 -b 16 "$1" norm -6 pad 0.3 0.5 repeat 9
}

# tone file rate hertz dbfs: 60 s of one sine, peak level in dBFS.
tone() { sox -n -r "$2" -c 1 -b 16 "$1" synth 60 sine "$3" gain "$4"; }

# baresip_home name ip user answermode audio_source "codec modules" [account parameters]: writes a configuration
# folder for one user agent. TRANSPORT=tcp makes it use TCP.
baresip_home() {
  local dir=$run/$1 module
  mkdir -p "$dir"
  local host=$2
  case $host in *:*) host="[$2]" ;; esac
  {
    echo "poll_method epoll"
    echo "sip_listen $host:5060"
    echo "audio_source $5"
    echo "audio_player ${PLAYER:-aubridge,nil}"
    echo "audio_alert ${PLAYER:-aubridge,nil}"
    echo "auplay_format s16"
    echo "ausrc_format s16"
    echo "audio_buffer 20-160"
    echo "rtp_ports 40000-40100"
    echo "rtcp_mux no"
    echo "jitter_buffer_delay 5-10"
    echo "rtp_stats no"
    echo "module_path $(baresip_modules)"
    for module in $6; do echo "module $module.so"; done
    for module in aufile.so aubridge.so cons.so; do echo "module $module"; done
    echo "module_tmp account.so"
    echo "module_app menu.so"
    echo "cons_listen 127.0.0.1:5555"
    echo "ring_aufile none"
    echo "ringback_aufile none"
    echo "ringback_disabled yes"
    if [ -n "${BARESIP_EXTRA:-}" ]; then echo "$BARESIP_EXTRA"; fi
  } >"$dir/config"
  echo "\"${1^}\" <sip:$3@$host${TRANSPORT:+;transport=$TRANSPORT}>;regint=0;answermode=$4${7:+;$7}" >"$dir/accounts"
  : >"$dir/contacts"
}

baresip_modules() { dirname "$(find /usr/lib /usr/local/lib -path '*baresip/modules/g711.so' -print -quit)"; }

# key a|b characters: type keys on a running baresip's console, once it listens.
key() {
  ip netns exec "$ns$1" bash -c 'for _ in $(seq 50); do { exec 3<>/dev/tcp/127.0.0.1/5555; } 2>/dev/null && break; sleep 0.1; done
    printf "%b" "$1" >&3; sleep 0.2' _ "$2"
}

# facts file: what a reader should find, for the table in the captures folder.
facts() {
  tshark -n -r "$out/$1" -Y sip -T fields -e ip.src -e sip.Method -e sip.Status-Line -e sip.CSeq 2>/dev/null | head -${2:-40}
  tshark -n -r "$out/$1" -q -z rtp,streams 2>/dev/null
}
