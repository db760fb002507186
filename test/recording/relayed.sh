# The call through relay.mjs, shared by the recordings that use it: source it after lib.sh.
# relayed_up name relay-options...: both user agents and the relay run, nothing is captured yet.
relayed_up() {
  local name=$1; shift
  start r node "$here/relay.mjs" --log "$run/$name.json" "$@"
  relay_pid=$started
  start b baresip -4 -f "$run/bob"
  start a baresip -4 -f "$run/alice"
  sleep 1
}
# relayed_down: stop the relay so that it writes its log.
relayed_down() {
  kill -TERM "$relay_pid"
  wait "$relay_pid" 2>/dev/null || true
}
# \x04 is the release of the key: it ends the event.
digit() { key "$1" "$2"; sleep "$3"; key "$1" "\x04"; sleep "${4:-0.3}"; }
