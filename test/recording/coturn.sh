# coturn (Debian package coturn) at the relay, shared by the recordings that use it: source it after lib.sh, and after net_up relay.
# Users alice, password lantern, and bob, password anchor; realm example.com.
server_pids=()
# A relay that cannot send to a peer's private address ends the whole session of its client.
nowhere r

# server name [options of turnserver]: a coturn whose log goes into the run folder.
server() {
  local name=$1; shift
  ip netns exec "${ns}r" turnserver -n --simple-log -l stdout --no-stdout-log -v --no-tls --no-dtls --no-cli -f -m 0 -a -r example.com \
    -u alice:lantern -u bob:anchor --userdb "$run/$name.db" --pidfile "$run/$name.pid" -L "${LISTEN:-10.77.0.3}" "$@" >"$run/$name.server" 2>&1 &
  children+=("$!")
  server_pids+=("$!")
  for _ in $(seq 50); do grep -q "listener opened\|Total General" "$run/$name.server" 2>/dev/null && break; sleep 0.1; done
  sleep 0.3
}

# servers_done: sessions are written off, and their figures logged, a little after they end.
servers_done() {
  local pid
  [ ${#server_pids[@]} = 0 ] || sleep 1.5
  for pid in "${server_pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  server_pids=()
}
