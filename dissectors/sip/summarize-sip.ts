/** One line for the packet list. */
import type { Octets } from '../../base/octets.ts';
import { STATIC_PAYLOAD_TYPES } from '../../base/static-payload-types.ts';
import { type DescribeContext, Verdict } from '../dissector.ts';
import { UNREADABLE_STATUS } from './columns.ts';
import { SDP_TYPE } from './media-type.ts';
import { type Findings, findingsOf, readMessage, valueText } from './read-message.ts';

/** E.g. `INVITE sip:bob@example.com | SDP (PCMA PCMU telephone-event)` and `200 OK (INVITE)`. */
export function summarizeSip(data: Octets, ctx: DescribeContext): string {
  const findings = findingsOf(data, ctx);
  const { table, strings } = findings;
  if (table.count === 0) return findings.verdict === Verdict.Ok ? 'Keep-alive' : 'Part of a SIP message';
  const { columns } = table;
  const status = columns.status.get(0);
  const body = bodyText(data, findings);
  const message = readMessage(data);
  if (status === 0) {
    const method = /^[^ \t]*/.exec(message.latin1.slice(message.startAt))?.[0] ?? '';
    return `${method} ${strings.text(columns.requestUri.get(0))}${body}`;
  }
  const cseq = message.headers.find((header) => header.name === 'CSeq');
  const method = cseq === undefined ? '' : (valueText(data, cseq.value).split(/\s+/)[1] ?? '');
  const code = status === UNREADABLE_STATUS ? '???' : `${status}`;
  const phrase = strings.text(columns.reason.get(0));
  return `${code}${phrase === '' ? '' : ` ${phrase}`}${method === '' ? '' : ` (${method})`}${body}`;
}

function bodyText(data: Octets, findings: Findings): string {
  const description = findings.bodies.find((body) => body.mediaType === SDP_TYPE);
  if (description !== undefined) {
    const names = formatNames(data.text(description.at, description.length));
    return names.length === 0 ? ' | SDP' : ` | SDP (${names.join(' ')})`;
  }
  return findings.bodies.length === 0 ? '' : ` | ${findings.bodies[0].mediaType}`;
}

/** The encodings a session description offers, in order, each once. What the SDP dissector knows is more. */
function formatNames(description: string): string[] {
  const names = new Set<string>();
  const lines = description.split(/\r?\n/);
  const maps = new Map<string, string>();
  let section: string[] = [];
  const close = (): void => {
    for (const format of section)
      names.add(maps.get(format) ?? STATIC_PAYLOAD_TYPES.get(Number(format))?.name ?? format);
    maps.clear();
  };
  for (const line of lines) {
    if (line.startsWith('m=')) {
      close();
      section = line
        .split(' ')
        .slice(3)
        .filter((format) => format !== '');
      continue;
    }
    const map = /^a=rtpmap:\s*(\d+)\s+([^/\s]+)/.exec(line);
    if (map !== null) maps.set(map[1], map[2]);
  }
  close();
  return [...names];
}
