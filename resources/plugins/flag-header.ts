/**
 * House rules for SIP headers: what every INVITE must have, and which software is known to be trouble. What it finds
 * stands among the other problems, of `earshot problems` and in the window.
 *
 * Try it: earshot problems test/captures/g711a-call.pcap --plugin resources/plugins/flag-header.ts
 */
import type { CaptureView, Plugin, Problem, SipMessage } from 'earshot';

/** An INVITE that reaches our trunk without this cannot be billed. */
const WANTED_HEADER = 'P-Asserted-Identity';
/** Versions that drop a call at the first re-INVITE. */
const BAD_AGENTS = [/^baresip v1\.0\.\d/, /^AcmePhone 2\./];

/** Names of headers are compared without case (RFC 3261 section 7.3.1). */
function headerOf(message: SipMessage, name: string): string | null {
  const wanted = name.toLowerCase();
  return message.headers.find((header) => header.name.toLowerCase() === wanted)?.value ?? null;
}

function flagHeaders(capture: CaptureView): Problem[] {
  const problems: Problem[] = [];
  /** Packets by agent: each is told once, with all its packets. */
  const agents = new Map<string, number[]>();
  for (const call of capture.calls()) {
    const unidentified: number[] = [];
    for (const { packet, method, retransmission } of call.messages) {
      const message = capture.message(packet);
      if (message === null || retransmission) continue;
      if (method === 'INVITE' && headerOf(message, WANTED_HEADER) === null) unidentified.push(packet);
      const agent = headerOf(message, 'User-Agent') ?? headerOf(message, 'Server') ?? '';
      if (BAD_AGENTS.some((pattern) => pattern.test(agent))) {
        const packets = agents.get(agent);
        if (packets === undefined) agents.set(agent, [packet]);
        else packets.push(packet);
      }
    }
    if (unidentified.length === 0) continue;
    problems.push({
      code: 'no-identity',
      severity: 'warning',
      title: `INVITE without ${WANTED_HEADER}`,
      message: `The trunk cannot tell who calls: ${call.from.uri ?? 'the caller'} asserted no identity.`,
      call: call.id,
      packets: unidentified,
      spec: 'RFC 3325 §9.1',
    });
  }
  for (const [agent, packets] of agents) {
    problems.push({
      code: 'bad-agent',
      severity: 'note',
      title: 'Software that is known to be trouble',
      message: `${agent} drops calls at the first re-INVITE; an update mends it.`,
      packets,
    });
  }
  return problems;
}

export default { checks: [{ id: 'flag-header', label: 'House rules for headers', run: flagHeaders }] } satisfies Plugin;
