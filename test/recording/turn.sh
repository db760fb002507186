#!/usr/bin/env bash
# STUN and TURN against coturn (Debian package coturn): what goes well, and every refusal. Names given as arguments record only those.
# The client is turnutils_uclient, or turn-client.py where something exact has to happen. Two of them take their time:
# turn-permission-expired 6 minutes, turn-channel-expired 11.
# Client 10.77.0.1, peer 10.77.0.2, server 10.77.0.3; user alice, password lantern, realm example.com.
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
net_up relay
source "$here/coturn.sh"
nft_in() { in_ns "$1" nft -f -; }

# finish name side [options of turn-facts.py]: server and peer stop, the capture and its facts are kept.
finish() {
  local name=$1; shift
  capture_done
  servers_done
  [ -z "${DEBUG:-}" ] || { tshark -n -r "$run/$name.pcap"; grep -a session "$run/$name.server"; } 2>/dev/null || true
  local more=()
  [ -s "$run/$name.server" ] && more+=(--server-log "$run/$name.server")
  [ -s "$run/$name.steps" ] && more+=(--steps "$run/$name.steps")
  python3 "$here/turn-facts.py" "$run/$name.pcap" "$run/$name.json" "${more[@]}" "$@"
  keep "$name.pcap" "$name.json"
}

# uclient name [options]: turnutils_uclient with the right credentials unless others are among the options.
uclient() {
  in_ns a timeout -s KILL "${TIMEOUT:-15}" turnutils_uclient -u "${TURN_USER:-alice}" -w "${TURN_PASSWORD:-lantern}" "$@" >>"$run/uclient.log" 2>&1 || true
}

# steps name scenario [options of turn-client.py]
steps() {
  local name=$1; shift
  in_ns a python3 "$here/turn-client.py" "$@" --log "$run/$name.steps"
}

peer() { start b python3 "$here/turn-client.py" peer --own "${1:-10.77.0.2:3480}"; peer_pid=$started; sleep 0.4; }
no_peer() { kill "$peer_pid"; wait "$peer_pid" 2>/dev/null || true; }

# scripted name side "server options" scenario [options of turn-client.py]: one server, one client, one capture.
scripted() {
  local name=$1 side=$2 options=$3; shift 3
  wanted "$name" || return 0
  # shellcheck disable=SC2086
  server "$name" $options
  capture "$side" "$name.pcap" not icmp6
  steps "$name" "$@"
  finish "$name"
}

# --- turnutils_uclient

start b turnutils_peer -L 10.77.0.2
uclient_pid=$started

if wanted turn-indications; then
  server turn-indications
  capture a turn-indications.pcap
  uclient -c -s -n 5 -l 172 -e 10.77.0.2 10.77.0.3
  finish turn-indications
fi
if wanted turn-channels; then
  # With an RTCP component: EVEN-PORT and RESERVATION-TOKEN. Another port than 3478.
  server turn-channels -p 40001
  capture a turn-channels.pcap
  uclient -n 5 -l 172 -p 40001 -e 10.77.0.2 10.77.0.3
  finish turn-channels --decode-as udp.port==40001,stun
fi
if wanted turn-missing-start; then
  # The capture begins when everything is arranged.
  server turn-missing-start
  uclient -c -n 8 -l 172 -e 10.77.0.2 10.77.0.3 &
  caller_pid=$!
  sleep 0.6
  capture a turn-missing-start.pcap
  wait "$caller_pid"
  finish turn-missing-start
fi
if wanted turn-both-legs; then
  server turn-both-legs
  capture r turn-both-legs.pcap
  uclient -c -n 8 -l 172 -m 2 -e 10.77.0.2 10.77.0.3
  finish turn-both-legs
fi
if wanted turn-tcp; then
  server turn-tcp
  capture a turn-tcp.pcap
  uclient -t -c -n 8 -l 173 -z 2 -e 10.77.0.2 10.77.0.3
  uclient -t -c -s -n 4 -l 101 -z 2 -e 10.77.0.2 10.77.0.3
  finish turn-tcp
fi
if wanted turn-tcp-relay; then
  # RFC 6062: client to client, each by way of a TCP relay address of its own.
  server turn-tcp-relay
  capture r turn-tcp-relay.pcap
  uclient -T -n 4 -l 100 10.77.0.3
  finish turn-tcp-relay
fi
if wanted turn-unknown-user; then
  # It tries again and again without a pause: the capture ends after 20 answers.
  server turn-unknown-user
  capture a turn-unknown-user.pcap -c 40 udp
  TIMEOUT=1 TURN_USER=stranger uclient -c -n 1 -e 10.77.0.2 10.77.0.3
  finish turn-unknown-user
fi
if wanted turn-mobility; then
  server turn-mobility --mobility
  capture a turn-mobility.pcap
  uclient -M -c -n 3 -e 10.77.0.2 10.77.0.3
  finish turn-mobility
fi
kill "$uclient_pid" 2>/dev/null; wait "$uclient_pid" 2>/dev/null || true

# --- turn-client.py

peer
scripted turn-wrong-password a "" wrong-password
scripted turn-stale-nonce a "--stale-nonce=3" stale-nonce --wait 7
scripted turn-stale-nonce-loop a "--stale-nonce=3" stale-nonce-loop --wait 7
scripted turn-denied-peer r "--denied-peer-ip=10.77.0.0-10.77.0.255" denied-peer
scripted turn-quota a "--user-quota=1" second-allocation
scripted turn-before-permission r "" before-permission
scripted turn-released r "" released
scripted turn-expired r "--max-allocate-lifetime=8" expired --wait 11
scripted turn-tcp-disabled a "--no-tcp-relay" tcp-disabled --tcp
scripted turn-no-ipv6 a "" no-ipv6
scripted turn-other-family a "" other-family
scripted turn-other-user a "" other-user
scripted turn-bad-requests a "" bad-requests
scripted turn-tcp-segments a "" segments --tcp
scripted turn-permission-expired r "" permission-expired
scripted turn-channel-expired r "" channel-expired
if wanted turn-alternate; then
  ip -n "${ns}r" addr add 10.77.0.4/24 dev eth0
  LISTEN=10.77.0.4 server turn-alternate-second -p 3479
  scripted turn-alternate a "--alternate-server=10.77.0.4:3479" alternate
  ip -n "${ns}r" addr del 10.77.0.4/24 dev eth0
fi
no_peer

if wanted turn-one-way; then
  # The peer is there and hears everything; it says nothing.
  start b python3 -c 'import socket, time; port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); port.bind(("10.77.0.2", 3480)); time.sleep(60)'
  scripted turn-one-way r "" one-way
fi
if wanted turn-no-ports; then
  # Every port that the server may give away is taken.
  start r python3 -c 'import socket, time
taken = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(4)]
for n, port in enumerate(taken): port.bind(("10.77.0.3", 50000 + n))
time.sleep(20)'
  sleep 0.5
  scripted turn-no-ports a "--min-port=50000 --max-port=50003" unanswered
fi
if wanted turn-no-answer; then
  nft_in r <<<'table ip lost { chain input { type filter hook input priority 0; udp dport 3478 drop; }; }'
  capture a turn-no-answer.pcap
  steps turn-no-answer unanswered
  nft_in r <<<'delete table ip lost'
  finish turn-no-answer
fi
if wanted turn-unreachable; then
  # Nobody has the port: ICMP says so each time.
  capture a turn-unreachable.pcap
  steps turn-unreachable unanswered
  finish turn-unreachable
fi
if wanted turn-other-address; then
  # The server's answers leave with another source address, as from a machine with two of them.
  nft_in r <<<'table ip other { chain out { type filter hook output priority 0; udp sport 3478 ip saddr set 10.77.0.4; }; }'
  scripted turn-other-address a "" unanswered
  nft_in r <<<'delete table ip other'
fi
if wanted turn-answers-lost; then
  # Requests arrive at the server, its answers are lost on their way: captured at the server.
  nft_in a <<<'table ip lost { chain input { type filter hook input priority 0; udp sport 3478 drop; }; }'
  scripted turn-answers-lost r "" unanswered
  nft_in a <<<'delete table ip lost'
fi
if wanted stun-only; then
  # From behind a NAT; captured on both sides of it (Linux cooked).
  nat_up a
  server stun-only
  capture a stun-only.pcap -i any not icmp6
  ip netns exec "${ns}c" turnutils_stunclient -p 3478 10.77.0.3 >/dev/null
  ip netns exec "${ns}c" python3 "$here/turn-client.py" classic-binding --log "$run/stun-only.steps"
  finish stun-only
fi
if wanted turn-ipv6; then
  # The addresses of this script are IPv4 alone, but here.
  if [ "${NO_IPV6:-1}" = 1 ]; then NO_IPV6=0 "$here/turn.sh" turn-ipv6
  else
    peer "[fd77::2]:3480"
    LISTEN=fd77::3 scripted turn-ipv6 r "" talk-v6 --server "[fd77::3]:3478" --peer "[fd77::2]:3480"
  fi
fi
