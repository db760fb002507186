import { SipMethod } from '../../dissectors/sip/methods.ts';
import { parseNameAddr } from '../../dissectors/sip/name-addr.ts';
import { parseSipUri } from '../../dissectors/sip/uri.ts';
import type { LadderHost, LadderRow } from '../../shared/ladder.ts';
import type { Capture } from '../capture.ts';
import type { Call } from '../trackers/calls/call.ts';
import { type EndpointNames, splitEndpoint } from './ladder-endpoints.ts';

/**
 * What is known of each endpoint. Only the first sender of the request that began the call and those it came to in the end
 * have a name: what stands between forwards the same From and To.
 */
export function hostsOf(
  capture: Capture,
  call: Call,
  { names }: EndpointNames,
  rows: readonly LadderRow[],
): LadderHost[] {
  const hosts = hostsWithPorts(names, rows);
  nameSides(capture, call, rows, hosts);
  return hosts;
}

/** The address and the ports of each endpoint, without names. */
export function hostsWithPorts(names: readonly string[], rows: readonly LadderRow[]): LadderHost[] {
  const hosts = names.map((): LadderHost => ({ ip: '', ports: [], name: null, agent: null }));
  for (const { from, to, src, dst } of rows) {
    notePort(hosts[from], src);
    notePort(hosts[to], dst);
  }
  for (const { ports } of hosts) ports.sort((a, b) => a - b);
  return hosts;
}

function notePort(host: LadderHost, endpoint: string | null): void {
  if (endpoint === null) return;
  const { ip, port } = splitEndpoint(endpoint);
  host.ip = ip;
  if (!host.ports.includes(port)) host.ports.push(port);
}

function nameSides(capture: Capture, call: Call, rows: readonly LadderRow[], hosts: LadderHost[]): void {
  const { calls, store } = capture;
  const c = calls.sip.rows.columns;
  const text = (id: number): string => store.strings.text(id);
  const sipRows = calls.rowsOf(call);
  const messages = rows.flatMap((row) => (row.kind === 'message' ? [row] : []));
  const isFirst = (row: number): boolean => c.status.get(row) === 0 && c.toTag.get(row) === 0;
  const isInvite = (row: number): boolean => isFirst(row) && c.method.get(row) === SipMethod.INVITE;
  // Messages and SIP rows are in the same order. Without its INVITE a call has no request that tells both sides.
  const begins = messages.filter((_, i) =>
    call.inviteRow >= 0 ? isInvite(sipRows[i]) : i === 0 && isFirst(sipRows[i]),
  );
  const [first] = begins;
  if (first === undefined) return;
  const row = call.inviteRow >= 0 ? call.inviteRow : call.firstRow;
  const caller = hosts[first.from];
  caller.name = userOf(text(c.from.get(row)));
  caller.agent = text(c.userAgent.get(row)) || null;
  if (c.method.get(row) === SipMethod.REGISTER) return;
  const senders = new Set(begins.map(({ from }) => from));
  const answered = messages.findIndex(({ status, cseq }) => status === 200 && cseq.endsWith(' INVITE'));
  for (const { to } of begins) {
    if (senders.has(to)) continue;
    hosts[to].name = userOf(text(c.to.get(row)));
    if (answered >= 0 && messages[answered].from === to) {
      hosts[to].agent = text(c.userAgent.get(sipRows[answered])) || null;
    }
  }
}

/** `alice` of `"Alice" <sip:alice@example.org>;tag=1`. */
function userOf(value: string): string | null {
  return parseSipUri(parseNameAddr(value).uri).user || null;
}
