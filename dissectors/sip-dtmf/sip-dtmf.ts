/**
 * Digits in the body of a SIP INFO request. No document defines them; gateways and phones agree on two forms:
 *
 *     application/dtmf-relay                 application/dtmf
 *
 *     Signal=5                               5
 *     Duration=160
 *
 * The signal is a digit or its code as in RFC 4733 (10 `*`, 11 `#`, 12 to 15 `A` to `D`, 16 flash); the duration is in
 * milliseconds. Letters of either case and blanks anywhere are taken.
 */
import type { Octets } from '../../base/octets.ts';
import { type DissectContext, type Dissector, type Rows, type TreeBuilder, Verdict } from '../dissector.ts';
import { sipDtmfFields } from './fields.ts';

/** One row per body. */
export const sipDtmfColumns = {
  /** The code of the digit (RFC 4733 section 3), 255 where the signal is none. */
  event: 'u8',
  /** Milliseconds; 0 where it is not said. */
  duration: 'u16',
} as const;
export type SipDtmfColumns = typeof sipDtmfColumns;

/** The event of a signal that is no digit. */
export const NO_DIGIT = 255;

const DIGITS = '0123456789*#ABCD';
const FLASH = 16;
const MOST_DURATION = 0xffff;
/** No body of these types is longer than this; what follows is not looked at. */
const MOST_OCTETS = 512;
const LF = 0x0a;
const EQUALS = 0x3d;

function isBlank(octet: number): boolean {
  return octet === 0x20 || octet === 0x09 || octet === 0x0d || octet === LF || octet === 0;
}

/** Lower case, of letters. */
function lower(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
}

/** A part of the body without the blanks around it. */
interface Part {
  at: number;
  end: number;
}

const name: Part = { at: 0, end: 0 };
const value: Part = { at: 0, end: 0 };

/** Points `name` and `value` at the line from `at` on; `name` is empty where the line has no `=`. Gives the next line's place. */
function readLine(data: Octets, at: number, end: number): number {
  let equals = -1;
  let to = at;
  for (; to < end && data.u8(to) !== LF; to++) if (equals < 0 && data.u8(to) === EQUALS) equals = to;
  trim(data, name, at, Math.max(at, equals));
  trim(data, value, equals < 0 ? at : equals + 1, to);
  return to + 1;
}

function trim(data: Octets, part: Part, from: number, to: number): void {
  let at = from;
  let end = to;
  while (at < end && isBlank(data.u8(at))) at++;
  while (end > at && isBlank(data.u8(end - 1))) end--;
  part.at = at;
  part.end = end;
}

function isNamed(data: Octets, { at, end }: Part, word: string): boolean {
  if (end - at !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (lower(data.u8(at + i)) !== word.charCodeAt(i)) return false;
  return true;
}

/** A whole number, at most 65,535; −1 where the part is none. */
function numberAt(data: Octets, { at, end }: Part): number {
  let number = 0;
  for (let i = at; i < end; i++) {
    const digit = data.u8(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = Math.min(MOST_DURATION, number * 10 + digit);
  }
  return at === end ? -1 : number;
}

function eventAt(data: Octets, part: Part): number {
  if (part.end - part.at === 1) {
    const octet = data.u8(part.at);
    const upper = octet >= 0x61 && octet <= 0x7a ? octet & 0xdf : octet;
    for (let event = 0; event < DIGITS.length; event++) if (DIGITS.charCodeAt(event) === upper) return event;
    return upper === 0x21 ? FLASH : NO_DIGIT;
  }
  if (isNamed(data, part, 'hf') || isNamed(data, part, 'flash')) return FLASH;
  const number = numberAt(data, part);
  return number >= 0 && number <= FLASH ? number : NO_DIGIT;
}

function isSignal(data: Octets): boolean {
  return name.at === name.end || isNamed(data, name, 'signal') || isNamed(data, name, 'dtmf');
}

function dissect(data: Octets, out: Rows<SipDtmfColumns>, ctx: DissectContext): Verdict {
  const end = Math.min(data.length, MOST_OCTETS);
  let event = NO_DIGIT;
  let duration = 0;
  for (let at = 0; at < end; ) {
    at = readLine(data, at, end);
    if (event === NO_DIGIT && isSignal(data)) event = eventAt(data, value);
    else if (isNamed(data, name, 'duration')) duration = Math.max(0, numberAt(data, value));
  }
  const row = out.add();
  out.columns.event.set(row, event);
  out.columns.duration.set(row, duration);
  if (event !== NO_DIGIT || ctx.truncated) return Verdict.Ok;
  ctx.issue('sip-dtmf-signal', 0);
  return Verdict.Malformed;
}

function digitName(event: number): string {
  return event === FLASH ? 'flash' : (DIGITS[event] ?? '');
}

function summarize(data: Octets): string {
  for (let at = 0; at < Math.min(data.length, MOST_OCTETS); ) {
    at = readLine(data, at, Math.min(data.length, MOST_OCTETS));
    const event = isSignal(data) ? eventAt(data, value) : NO_DIGIT;
    if (event !== NO_DIGIT) return `digit ${digitName(event)}`;
  }
  return 'no digit';
}

function describe(data: Octets, tree: TreeBuilder, ctx: { readonly truncated: boolean }): void {
  let isDigit = false;
  for (let at = 0; at < data.length; ) {
    const from = at;
    at = Math.min(data.length, readLine(data, at, data.length));
    const text = data.text(value.at, value.end - value.at);
    const event = isDigit || !isSignal(data) ? NO_DIGIT : eventAt(data, value);
    if (event !== NO_DIGIT) {
      isDigit = true;
      tree.field('sip-dtmf.signal', 'Signal', from, at - from, text, `digit ${digitName(event)}`);
    } else if (isNamed(data, name, 'duration') && numberAt(data, value) >= 0) {
      tree.field('sip-dtmf.duration', 'Duration', from, at - from, numberAt(data, value), 'ms');
    } else {
      tree.field('sip-dtmf.line', 'Line', from, at - from, data.text(from, at - from));
    }
  }
  if (!isDigit && !ctx.truncated) tree.fault('sip-dtmf-signal', 'No signal that is a digit', 0, data.length);
}

export const sipDtmf: Dissector<SipDtmfColumns> = {
  id: 'sip-dtmf',
  label: 'DTMF in SIP INFO',
  specs: ['RFC 6086'],
  claims: [
    { kind: 'media-type', type: 'application/dtmf-relay' },
    { kind: 'media-type', type: 'application/dtmf' },
  ],
  columns: sipDtmfColumns,
  fields: sipDtmfFields,
  dissect,
  summarize,
  describe,
};
