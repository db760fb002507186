/** Earshot's SIP messages and digits against Wireshark's. */
import { SIP_COLUMNS } from '../../dissectors/sip/columns.ts';
import { SIP_METHODS } from '../../dissectors/sip/methods.ts';
import type { Capture } from '../../engine/capture.ts';
import type { SharkFrame, Sharkd } from './sharkd.ts';

/** Call-ID, method or status, and CSeq of every message of each packet; a line for each packet that differs. */
export async function compareSip(capture: Capture, sharkd: Sharkd): Promise<string[]> {
  const frames = await sharkd.frames('sip', [
    'sip.Call-ID',
    'sip.Method',
    'sip.Status-Code',
    'sip.CSeq.seq',
    'sip.CSeq.method',
  ]);
  const { store } = capture;
  const sip = store.layer('sip', SIP_COLUMNS);
  if (sip === null) throw new Error('no sip dissector');
  const c = sip.rows.columns;
  const ours = new Map<number, string[][]>();
  for (let row = 0; row < sip.count; row++) {
    const packet = sip.frame.get(row) + 1;
    const status = c.status.get(row);
    const message = [
      store.strings.text(c.callId.get(row)),
      status === 0 ? SIP_METHODS[c.method.get(row)] : '',
      status === 0 ? '' : String(status),
      // No message of these captures has the number 0: it stands for a field that is not there.
      c.cseq.get(row) === 0 ? '' : String(c.cseq.get(row)),
      SIP_METHODS[c.cseqMethod.get(row)],
    ];
    const known = ours.get(packet);
    if (known === undefined) ours.set(packet, [message]);
    else known.push(message);
  }
  const differences: string[] = [];
  for (const { num, fields } of frames) {
    const messages = ours.get(num) ?? [];
    ours.delete(num);
    const joined = fields.map((_, i) =>
      messages
        .map((message) => message[i])
        .filter((text) => text !== '')
        .join(','),
    );
    if (joined.join('|') !== fields.join('|'))
      differences.push(`packet ${num}: ${joined.join('|')} here, ${fields.join('|')} there`);
  }
  for (const [packet, messages] of ours) differences.push(`packet ${packet}: only here: ${messages.join(' & ')}`);
  return differences;
}

/** Telephone-events: their packets, event and longest duration; a line for each that only one has. */
export async function compareDigits(capture: Capture, sharkd: Sharkd): Promise<string[]> {
  const fields = [
    'rtp.ssrc',
    'rtp.timestamp',
    'rtpevent.event_id',
    'rtpevent.duration',
    'ip.src',
    'udp.srcport',
    'udp.dstport',
  ];
  const theirs = eventsOf(await sharkd.frames('rtpevent', fields));
  const ours = capture.digits.events.map(({ event, duration, frames }) => ({
    event,
    duration,
    packets: frames.map((frame) => frame + 1).join(','),
  }));
  const their = new Set(theirs.map(eventLine));
  const our = new Set(ours.map(eventLine));
  return [
    ...ours
      .map(eventLine)
      .filter((text) => !their.has(text))
      .map((text) => `only here: ${text}`),
    ...theirs
      .map(eventLine)
      .filter((text) => !our.has(text))
      .map((text) => `only there: ${text}`),
  ];
}

/** One telephone-event: its number, longest duration and packets. */
interface EventLine {
  readonly event: number;
  readonly duration: number;
  readonly packets: string;
}

function eventLine({ event, duration, packets }: EventLine): string {
  return `event ${event}, duration ${duration}, packets ${packets}`;
}

function eventsOf(frames: readonly SharkFrame[]): EventLine[] {
  const events = new Map<string, { event: number; duration: number; packets: number[] }>();
  for (const { num, fields } of frames) {
    const [ssrc, timestamp, event, duration, ...ends] = fields;
    const key = [ssrc, timestamp, event, ...ends].join(' ');
    const known = events.get(key);
    if (known === undefined) {
      events.set(key, { event: eventNumber(event), duration: Number(duration), packets: [num] });
      continue;
    }
    known.duration = Math.max(known.duration, Number(duration));
    known.packets.push(num);
  }
  return [...events.values()].map(({ event, duration, packets }) => ({ event, duration, packets: packets.join(',') }));
}

const DIGITS = '0123456789*#ABCD';

/** The event of `DTMF Pound #`; NaN for what is no digit. */
function eventNumber(text: string): number {
  const event = text.startsWith('DTMF ') ? DIGITS.indexOf(text.charAt(text.length - 1)) : -1;
  return event < 0 ? Number.NaN : event;
}
