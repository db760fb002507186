import type { Finding } from '../query/problems/finding.ts';
import { packetsOf, quoted } from '../query/problems/finding.ts';
import { whole } from './declaration.ts';

const SEVERITIES = ['error', 'warning', 'note'] as const;
const MOST_FINDINGS = 1000;
const MOST_TITLE = 80;
const MOST_MESSAGE = 500;

/** What is known of the capture: row ids that a finding may name, and how many packets there are. */
export interface KnownRows {
  readonly packets: number;
  isCall(id: string): boolean;
  isStream(id: string): boolean;
}

/** Takes the findings of a check as far as they are findings; those that are not are counted. */
export function findingsOf(check: string, value: unknown, known: KnownRows): { findings: Finding[]; unsound: number } {
  const given = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const findings: Finding[] = [];
  for (const each of given.slice(0, MOST_FINDINGS)) {
    const finding = findingOf(check, each, known);
    if (finding !== null) findings.push(finding);
  }
  return { findings, unsound: given.length - findings.length };
}

function findingOf(check: string, value: unknown, known: KnownRows): Finding | null {
  if (typeof value !== 'object' || value === null) return null;
  const { code, severity, title, message, call, stream, packets, spec } = value as Record<string, unknown>;
  const rank = SEVERITIES.find((each) => each === severity);
  if (rank === undefined || typeof code !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(code)) return null;
  if (typeof title !== 'string' || typeof message !== 'string' || title === '') return null;
  const frames = (Array.isArray(packets) ? (packets as readonly unknown[]).slice(0, 1000) : [])
    .map((packet) => whole(packet, 1, known.packets))
    .filter((packet) => packet !== null)
    .map((packet) => packet - 1);
  return {
    code: `plugin:${check}:${code}`,
    severity: rank,
    title: quoted(title, MOST_TITLE),
    message: quoted(message, MOST_MESSAGE),
    call: typeof call === 'string' && known.isCall(call) ? call : null,
    stream: typeof stream === 'string' && known.isStream(stream) ? stream : null,
    packets: packetsOf(frames),
    spec: typeof spec === 'string' ? quoted(spec) : null,
  };
}
