/** What agents write about a call, in a line: logs, and reports of quality as JSON. The figures are theirs. */
import { LOG_TYPE } from '../../dissectors/hep/protocol-types.ts';

export interface Report {
  /** `log`: a line of text. `rtcp`: RTCP written as JSON. `quality`: figures of a stream. `report`: something else. */
  readonly kind: 'log' | 'rtcp' | 'quality' | 'report';
  /** In one line, up to 240 characters. */
  readonly text: string;
}

const MOST_CHARACTERS = 240;
const MOST_BLOCKS = 4;

/** What people look for first, in capital letters without underscores, and how it reads. */
const QUALITY: readonly (readonly [name: string, label: string])[] = [
  ['MOS', 'MOS'],
  ['MEANMOS', 'mean MOS'],
  ['MINMOS', 'least MOS'],
  ['RFACTOR', 'R'],
  ['MEANRFACTOR', 'mean R'],
  ['JITTER', 'jitter'],
  ['MEANJITTER', 'mean jitter'],
  ['MAXJITTER', 'largest jitter'],
  ['PACKETLOSS', 'packets lost'],
  ['LOST', 'lost'],
  ['FRACTIONLOST', 'fraction lost'],
  ['TOTALPK', 'packets'],
  ['DELAY', 'delay'],
  ['RTT', 'round trip'],
  ['CODECNAME', 'codec'],
];

/** `payload` is UTF-8; `type` the message's protocol type (dissectors/hep/protocol-types.ts). */
export function readReport(payload: Uint8Array, type: number): Report {
  const text = new TextDecoder().decode(payload);
  if (type === LOG_TYPE) return { kind: 'log', text: oneLine(text) };
  const document = objectOf(text);
  if (document === null) return { kind: 'report', text: oneLine(text) };
  const rtcp = rtcpText(document);
  if (rtcp !== '') return { kind: 'rtcp', text: oneLine(rtcp) };
  const quality = qualityText(document);
  return quality === '' ? { kind: 'report', text: oneLine(text) } : { kind: 'quality', text: oneLine(quality) };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const document: unknown = JSON.parse(text);
    return isObject(document) ? document : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RTCP as capture agents write it: `sender_information`, `report_blocks`; figures in the units of RFC 3550 section 6.4. */
function rtcpText(document: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  const sender = document['sender_information'];
  if (isObject(sender) && isScalar(sender['packets'])) {
    parts.push(`${ssrcText(document['ssrc'])} sent ${String(sender['packets'])} packets`);
  }
  const blocks = document['report_blocks'];
  for (const block of Array.isArray(blocks) ? blocks.slice(0, MOST_BLOCKS) : []) {
    if (!isObject(block)) continue;
    const figures: string[] = [];
    if (isScalar(block['packets_lost'])) figures.push(`${String(block['packets_lost'])} packets lost`);
    if (isScalar(block['fraction_lost'])) figures.push(`fraction lost ${String(block['fraction_lost'])}/256`);
    if (isScalar(block['ia_jitter'])) figures.push(`jitter ${String(block['ia_jitter'])} timestamp units`);
    if (figures.length > 0) parts.push(`about ${ssrcText(block['source_ssrc'])}: ${figures.join(', ')}`);
  }
  return parts.join('; ');
}

function qualityText(document: Readonly<Record<string, unknown>>): string {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(document)) {
    if (isScalar(value) && value !== '') values.set(name.toUpperCase().replaceAll('_', ''), String(value));
  }
  const found = QUALITY.flatMap(([name, label]) => {
    const value = values.get(name);
    return value === undefined ? [] : [`${label} ${value}`];
  });
  return found.join(', ');
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function ssrcText(value: unknown): string {
  const ssrc = isScalar(value) ? Number(value) : Number.NaN;
  return Number.isInteger(ssrc) && ssrc >= 0 ? `0x${ssrc.toString(16).padStart(8, '0')}` : 'its stream';
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
}
