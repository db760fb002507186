#!/usr/bin/env bash
# ICE between two Chromiums (ice-call.mjs), coturn beside them where there are NATs or a relay: what goes well, and each way in which
# it does not. Names given as arguments record only those.
# Caller 10.77.0.1, callee 10.77.0.2, coturn 10.77.0.3; behind NATs caller 10.77.1.2 and callee 10.77.2.2, the NATs then having the first two.
source "$(dirname "$0")/lib.sh"
names=("$@")
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " == *" $1 "* ]]; }
# The scenes differ in their networks: each is recorded by a run of its own.
if [ ${#names[@]} != 1 ]; then
  for name in ${names[@]:-$(grep -o '^scene [a-z-]*' "$0" | cut -d' ' -f2)}; do "$0" "$name"; done
  exit
fi
[ "${names[0]}" != ice-ipv6 ] || NO_IPV6=0
net_up relay
source "$here/coturn.sh"
nft_in() { in_ns "$1" nft -f -; }
enter() { printf '["ip","netns","exec","%s"]' "$ns$1"; }
lan='"ends":{"caller":'$(enter a)',"callee":'$(enter b)'}'
sip='"sip":{"caller":"10.77.0.1","callee":"10.77.0.2"}'
turn='{"urls":"turn:10.77.0.3:3478","username":"alice","credential":"lantern"}'
# Once it has failed, a browser has nothing more to say about its pairs.
failed='{"wait":8},{"stats":"checking"},{"until":"failed"}'
stun='{"urls":"stun:10.77.0.3:3478"}'

# call text: the call as ice-call.mjs wants it. Without a step the call lasts 2 s once connected.
call() {
  local steps=${STEPS:-'{"until":"connected"},{"wait":2}'}
  printf '%s' "{$1,\"steps\":[$steps]}" >"$run/plan.json"
  timeout 120 node "$here/ice-call.mjs" "$run/plan.json" "$run/call.json"
}

# finish name...: the captures that were made, with their facts.
finish() {
  local name more pid
  sleep 0.8
  for pid in "${capture_pids[@]}"; do kill -INT "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  servers_done
  [ -z "${DEBUG:-}" ] || tshark -n -r "$run/$1.pcap" 2>/dev/null || true
  for name in "$@"; do
    more=()
    [ ! -s "$run/coturn.server" ] || more+=(--server-log "$run/coturn.server")
    python3 "$here/ice-facts.py" "$run/$name.pcap" "$run/$name.json" --call "$run/call.json" "${more[@]}"
    keep "$name.pcap" "$name.json"
  done
}
capture_pids=()
record() { capture "$@" not icmp6 and not arp and not port 53; capture_pids+=("$tcpdump_pid"); }

scene() { [ "${names[0]}" = "$1" ]; }

scene ice-host && {
  # Descriptions with all candidates, by SIP.
  record a ice-host.pcap
  call "$lan,$sip,\"trickle\":false"
  finish ice-host
}
scene sip-ice-trickle && {
  # The same with the candidates in INFO (RFC 8840), and one of a STUN server among them.
  server coturn
  record a sip-ice-trickle.pcap
  call "$lan,$sip,\"configuration\":{\"caller\":{\"iceServers\":[$stun]},\"callee\":{\"iceServers\":[$turn]}}"
  finish sip-ice-trickle
}
scene ice-mdns && {
  # Names in place of addresses, as pages get them that may not use the microphone; they have to have a default route.
  nowhere a; nowhere b
  record a ice-mdns.pcap
  call "$lan,$sip,\"mdns\":true,\"media\":[\"data\"]"
  finish ice-mdns
}
scene ice-ipv6 && {
  # Two addresses each, of both families, hence several pairs.
  record a ice-ipv6.pcap
  call "$lan,$sip"
  finish ice-ipv6
}
scene ice-relay && {
  # The caller takes nothing but its relay address; captured at the caller, and at the relay.
  server coturn
  record a ice-relay.pcap
  record r ice-relay-both-legs.pcap
  call "$lan,\"configuration\":{\"caller\":{\"iceServers\":[$turn],\"iceTransportPolicy\":\"relay\"}}"
  finish ice-relay ice-relay-both-legs
}
scene ice-relay-tcp && {
  server coturn
  record a ice-relay-tcp.pcap
  call "$lan,\"configuration\":{\"caller\":{\"iceServers\":[${turn/3478/3478?transport=tcp}],\"iceTransportPolicy\":\"relay\"}}"
  finish ice-relay-tcp
}
scene ice-relay-refused && {
  # The password for the TURN server is wrong and there is no other way.
  server coturn
  record a ice-relay-refused.pcap
  STEPS='{"wait":18}' call "$lan,$sip,\"configuration\":{\"caller\":{\"iceServers\":[${turn/lantern/lanterns}],\"iceTransportPolicy\":\"relay\"}}"
  finish ice-relay-refused
}
scene ice-srflx && {
  # Both behind NATs; captured behind the caller's, and on both sides of it (Linux cooked).
  nat_up a; nat_up b
  server coturn
  record c ice-srflx.pcap
  record a ice-srflx-nat.pcap -i any
  call "\"ends\":{\"caller\":$(enter c),\"callee\":$(enter d)},\"configuration\":{\"caller\":{\"iceServers\":[$stun]},\"callee\":{\"iceServers\":[$stun]}}"
  finish ice-srflx ice-srflx-nat
}
scene ice-symmetric-nat && {
  # The caller's NAT has another port for every destination; the callee has none and learns the port from the caller's check.
  nat_up a fully-random
  server coturn
  record c ice-symmetric-nat.pcap
  record b ice-symmetric-nat-callee.pcap
  call "\"ends\":{\"caller\":$(enter c),\"callee\":$(enter b)},\"configuration\":{\"caller\":{\"iceServers\":[$stun]},\"callee\":{\"iceServers\":[$stun]}}"
  finish ice-symmetric-nat ice-symmetric-nat-callee
}
scene ice-symmetric-failed && {
  # A symmetric NAT and one that lets in only whom it was sent to: no way without a relay.
  nat_up a fully-random; nat_up b fully-random
  server coturn
  record c ice-symmetric-failed.pcap
  STEPS=$failed call "\"ends\":{\"caller\":$(enter c),\"callee\":$(enter d)},\"configuration\":{\"caller\":{\"iceServers\":[$stun]},\"callee\":{\"iceServers\":[$stun]}}"
  finish ice-symmetric-failed
}
scene ice-symmetric-relay && {
  # The same with a relay to fall back on, at the caller.
  nat_up a fully-random; nat_up b fully-random
  server coturn
  record c ice-symmetric-relay.pcap
  call "\"ends\":{\"caller\":$(enter c),\"callee\":$(enter d)},\"configuration\":{\"caller\":{\"iceServers\":[$turn]},\"callee\":{\"iceServers\":[$stun]}}"
  finish ice-symmetric-relay
}
scene ice-blocked && {
  # Both let no UDP in: checks both ways, no answer to any.
  for side in a b; do nft_in $side <<<'table ip lost { chain input { type filter hook input priority 0; ip protocol udp drop; }; }'; done
  record a ice-blocked.pcap
  STEPS=$failed call "$lan,$sip,\"trickle\":false"
  finish ice-blocked
}
scene ice-one-side-blocked && {
  # The callee's firewall lets no UDP out: the caller's checks arrive and are answered, and nothing of it leaves.
  nft_in b <<<'table ip lost { chain output { type filter hook output priority 0; ip protocol udp drop; }; }'
  record a ice-one-side-blocked.pcap
  STEPS=$failed call "$lan,$sip,\"trickle\":false"
  finish ice-one-side-blocked
}
scene ice-answered-elsewhere && {
  # The callee's answers leave from another port than was asked.
  nft_in b <<<'table ip other { chain output { type filter hook output priority 0; udp length > 28 @th,64,16 0x0101 udp sport set 45001; }; }'
  record a ice-answered-elsewhere.pcap
  STEPS='{"wait":8},{"stats":"checking"},{"until":"failed","end":"caller"}' call "$lan,$sip,\"trickle\":false"
  finish ice-answered-elsewhere
}
scene ice-wrong-password && {
  # The answer has another ice-pwd than the callee's.
  record a ice-wrong-password.pcap
  STEPS='{"wait":8},{"stats":"checking"},{"until":"failed","end":"caller"}' call "$lan,$sip,\"trickle\":false,\"replace\":[[\"callee\",\"a=ice-pwd:....\",\"a=ice-pwd:zzzz\"]]"
  finish ice-wrong-password
}
scene ice-role-conflict && {
  # Each has made an offer and takes the other's for an answer: both control.
  record a ice-role-conflict.pcap
  call "$lan,\"bothOffer\":true"
  finish ice-role-conflict
}
scene ice-restart && {
  record a ice-restart.pcap
  STEPS='{"until":"connected"},{"wait":1.5},{"stats":"before"},{"restart":true},{"wait":2.5}' call "$lan,$sip"
  finish ice-restart
}
scene ice-consent-lost && {
  # The link is cut 3 s after connecting; no media, a data channel.
  record a ice-consent-lost.pcap
  STEPS="{\"until\":\"connected\"},{\"wait\":3},{\"stats\":\"before\"},{\"run\":[\"ip\",\"-n\",\"${ns}s\",\"link\",\"set\",\"pb\",\"down\"],\"did\":\"the callee's link is cut\"},{\"until\":\"disconnected\"},{\"stats\":\"disconnected\"},{\"until\":\"failed\"}" \
    call "$lan,\"media\":[\"data\"]"
  finish ice-consent-lost
}
scene ice-consent-back && {
  # The same, but the link comes back before it is too late.
  record a ice-consent-back.pcap
  STEPS="{\"until\":\"connected\"},{\"wait\":2},{\"run\":[\"ip\",\"-n\",\"${ns}s\",\"link\",\"set\",\"pb\",\"down\"],\"did\":\"the callee's link is cut\"},{\"until\":\"disconnected\"},{\"run\":[\"ip\",\"-n\",\"${ns}s\",\"link\",\"set\",\"pb\",\"up\"],\"did\":\"the callee's link is back\"},{\"until\":\"connected\"},{\"wait\":3}" \
    call "$lan,\"media\":[\"data\"]"
  finish ice-consent-back
}
scene dtls-blocked && {
  # Checks and answers pass, DTLS (first octet 20 to 63) does not get in on either side.
  for side in a b; do nft_in $side <<<'table ip lost { chain input { type filter hook input priority 0; udp length > 20 @th,64,8 20-63 drop; }; }'; done
  record a dtls-blocked.pcap
  STEPS='{"wait":14}' call "$lan,$sip,\"trickle\":false"
  finish dtls-blocked
}
scene dtls-one-side-blocked && {
  # Only the callee, who is the client, gets no DTLS.
  nft_in b <<<'table ip lost { chain input { type filter hook input priority 0; udp length > 20 @th,64,8 20-63 drop; }; }'
  record a dtls-one-side-blocked.pcap
  STEPS='{"wait":14}' call "$lan,$sip,\"trickle\":false"
  finish dtls-one-side-blocked
}
scene dtls-wrong-fingerprint && {
  # The answer names another certificate than the callee shows: the caller minds.
  record a dtls-wrong-fingerprint.pcap
  STEPS='{"until":"failed","seconds":15},{"wait":1}' call "$lan,$sip,\"trickle\":false,\"replace\":[[\"callee\",\"a=fingerprint:sha-256 ..:..\",\"a=fingerprint:sha-256 77:77\"]]"
  finish dtls-wrong-fingerprint
}
scene dtls-no-client && {
  # Each description says active on its way: both take the other for the client and wait.
  record a dtls-no-client.pcap
  STEPS='{"wait":10}' call "$lan,$sip,\"trickle\":false,\"replace\":[[\"caller\",\"a=setup:actpass\",\"a=setup:active\"],[\"callee\",\"a=setup:passive\",\"a=setup:active\"]]"
  finish dtls-no-client
}
# Sound and data each have a transport of their own; of the state that is called the connection's, the worse of the two decides.
two='"media":["audio","data"],"trickle":false,"configuration":{"caller":{"bundlePolicy":"max-compat"},"callee":{"bundlePolicy":"max-compat"}}'
unbundled='["caller","a=group:BUNDLE.*\\r\\n",""],["callee","a=group:BUNDLE.*\\r\\n",""]'
scene ice-two-transports && {
  record a ice-two-transports.pcap
  call "$lan,$sip,$two,\"replace\":[$unbundled]"
  finish ice-two-transports
}
scene ice-one-of-two-failed && {
  # The descriptions name port 40009 for the data channel, where nobody is. The sound ends after 2 s.
  record a ice-one-of-two-failed.pcap
  nobody='"(m=application[^]*?a=candidate:\\S+ 1 udp \\d+ \\S+) \\d+","$1 40009"'
  STEPS='{"wait":2},{"mute":true},'$failed call "$lan,$sip,$two,\"replace\":[$unbundled,[\"caller\",$nobody],[\"callee\",$nobody]]"
  finish ice-one-of-two-failed
}
scene ice-missing-start && {
  # The capture begins in the middle of the call.
  record a whole.pcap
  STEPS='{"until":"connected"},{"wait":5}' call "$lan,$sip,\"trickle\":false"
  sleep 0.5
  tshark -n -r "$run/whole.pcap" -Y 'frame.time_relative >= 2.2' -F pcap -w "$run/ice-missing-start.pcap"
  finish ice-missing-start
}
:
