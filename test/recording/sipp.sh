# Writes sipp scenarios from a few words, shared by the recordings that use sipp: source it after lib.sh.
# A scenario is made by printing its steps between scenario_open and scenario_close into a file.
#
#   { scenario_open; request INVITE 1 "" "$(sdp 6000 "0" "PCMU/8000")"; expect 200; request ACK 1; scenario_close; } >uac.xml

scenario_open() { printf '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="recorded">\n'; }
scenario_close() { printf '</scenario>\n'; }
pause() { printf '<pause milliseconds="%s"/>\n' "$1"; }
# run_command 'shell command': sipp starts it and goes on.
run_command() { printf '<nop><action><exec command="%s"/></action></nop>\n' "$1"; }
# stream 'raw file' payload-type: sipp itself sends the file as RTP, once.
stream() { printf '<nop><action><exec rtp_stream="%s,1,%s"/></action></nop>\n' "$1" "$2"; }

# sdp port "payload types" "rtpmap lines, comma separated" [direction] [version]: a session description. PORT may be a sipp keyword.
sdp() {
  local map
  printf 'v=0\no=- 77 %s IN IP[local_ip_type] [local_ip]\ns=call\nc=IN IP[local_ip_type] [local_ip]\nt=0 0\nm=audio %s RTP/AVP %s\n' "${5:-1}" "$1" "$2"
  local IFS=,
  for map in $3; do printf 'a=rtpmap:%s\n' "$map"; case $map in *telephone-event*) printf 'a=fmtp:%s 0-15\n' "${map%% *}" ;; esac; done
  printf 'a=ptime:20\na=%s\n' "${4:-sendrecv}"
}

body_headers() {
  if [ -n "$1" ]; then printf 'Content-Type: application/sdp\nContent-Length: [len]\n\n%s\n' "$1"; else printf 'Content-Length: 0\n\n'; fi
}

# request METHOD cseq [extra headers] [body] [branch] [send attributes]: sent by the caller. Branches are named by CSeq so
# that a CANCEL, and the ACK of a refusal, carry the branch of their INVITE; the ACK of a 200 gets its own.
request() {
  local method=$1 cseq=$2 extra=${3:-} body=${4:-} branch=${5:-$2} attributes=${6:-}
  [ "$method" = ACK ] && [ -z "${5:-}" ] && branch="$2-ack"
  [ "$method" = ACK ] || [ -n "$attributes" ] || attributes='retrans="500"'
  local to=${TO_TAG:-'[peer_tag_param]'} uri=${URI:-sip:bob@[remote_ip]:[remote_port]}
  # A request outside a dialog has no To tag; NO_TO_TAG=1 says so where sipp has learnt one from a refusal.
  [ "$method" != CANCEL ] && [ "${NO_TO_TAG:-0}" = 0 ] || to=''
  printf '<send %s><![CDATA[\n\n%s %s SIP/2.0\n' "$attributes" "$method" "$uri"
  printf 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-%s;rport\n' "$branch"
  printf 'From: "%s" <sip:%s@[local_ip]>;tag=[pid]c[call_number]\nTo: <sip:%s@[remote_ip]>%s\n' "${FROM_NAME:-Alice}" "${FROM:-alice}" "${TO:-bob}" "$to"
  printf 'Call-ID: [call_id]\nCSeq: %s %s\nContact: <sip:%s@[local_ip]:[local_port];transport=[transport]>\nMax-Forwards: 70\n' "$cseq" "$method" "${FROM:-alice}"
  [ -z "$extra" ] || printf '%b\n' "$extra"
  body_headers "$body"
  printf ']]></send>\n'
}

# respond CODE 'reason' [extra headers] [body] [send attributes]: sent by the callee to the request it received last.
respond() {
  printf '<send %s><![CDATA[\n\nSIP/2.0 %s %s\n[last_Via:]\n[last_From:]\n[last_To:]' "${5:-}" "$1" "$2"
  # Within the dialog the request has the tag already.
  [ "${TAGGED:-0}" = 1 ] || [ "$1" = 100 ] || printf ';tag=[pid]%s[call_number]' "${TAG:-s}"
  printf '\n[last_Call-ID:]\n[last_CSeq:]\nContact: <sip:%s@[local_ip]:[local_port];transport=[transport]>\n' "${TO:-bob}"
  [ -z "${3:-}" ] || printf '%b\n' "$3"
  body_headers "${4:-}"
  printf ']]></send>\n'
}

# expect code|METHOD [attributes] [action XML]: wait for it.
expect() {
  local what=request
  case $1 in [0-9]*) what=response ;; esac
  if [ -n "${3:-}" ]; then printf '<recv %s="%s" %s><action>%s</action></recv>\n' "$what" "$1" "${2:-}" "$3"
  else printf '<recv %s="%s" %s/>\n' "$what" "$1" "${2:-}"; fi
}
optional() { expect "$1" 'optional="true"'; }

# uas / uac scenario-file [sipp options...]: run one call. The callee is started first and left alone; the caller is waited for.
uas() { local file=$1; shift; start b sipp -sf "$file" -i "${CALLEE_IP:-10.77.0.2}" -p 5060 -nostdin -m "${CALLS:-1}" -trace_err -error_file "$run/uas-err.log" "$@"; sleep 0.4; }
uac() { local file=$1; shift; in_ns a sipp -sf "$file" -i "${CALLER_IP:-10.77.0.1}" -p 5060 -nostdin -m 1 -trace_err -error_file "$run/uac-err.log" "$@" "${TARGET:-10.77.0.2:5060}" >>"$run/uac.log" 2>&1 </dev/null || { echo "caller's scenario failed" >&2; tail -5 "$run/uac-err.log" >&2 || true; }; }

# law file.wav out a|u: raw G.711 of the first SECONDS (default 3) of a WAV file.
law() { sox "$1" -t raw -e "$3-law" -r 8000 -c 1 "$2" trim 0 "${SECONDS_LONG:-3}"; }
