import { describe, expect, it } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { ProblemRow } from '../../../shared/engine-api.ts';
import { ANYTHING } from '../../classify/selector.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../../pass/test-capture.ts';
import { CaptureIndex } from '../capture-index.ts';

const ALICE = '10.0.0.1';
const BOB = '10.0.0.2';
const EVENT = { name: 'telephone-event', clockRate: 8000, channels: 1, parameters: '' };

/** A message of a call whose SDP names PCMU and, where given, an event payload type. */
function sip(at: number, start: string, cseq: string, type: string, body: string): TestDatagram {
  const isResponse = start.startsWith('SIP/2.0');
  const lines = [
    start,
    `Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK${cseq.replace(' ', '')}`,
    'From: <sip:alice@example.com>;tag=a',
    `To: <sip:bob@example.com>${cseq === '1 INVITE' && !isResponse ? '' : ';tag=b'}`,
    'Call-ID: one@example.com',
    `CSeq: ${cseq}`,
    ...(type === '' ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${body.length}`,
  ];
  const [from, to] = isResponse ? [BOB, ALICE] : [ALICE, BOB];
  return { at, from: `${from}:5060`, to: `${to}:5060`, payload: `${lines.join('\r\n')}\r\n\r\n${body}` };
}

function call(eventType: number | null): TestDatagram[] {
  const sdp = (address: string): string =>
    [
      'v=0',
      `o=- 1 1 IN IP4 ${address}`,
      's=-',
      `c=IN IP4 ${address}`,
      't=0 0',
      `m=audio 4000 RTP/AVP 0${eventType === null ? '' : ` ${eventType}`}`,
      ...(eventType === null ? [] : [`a=rtpmap:${eventType} telephone-event/8000`]),
      '',
    ].join('\r\n');
  return [
    sip(0, 'INVITE sip:bob@example.com SIP/2.0', '1 INVITE', 'application/sdp', sdp(ALICE)),
    sip(0.1, 'SIP/2.0 200 OK', '1 INVITE', 'application/sdp', sdp(BOB)),
    sip(0.2, 'ACK sip:bob@example.com SIP/2.0', '1 ACK', '', ''),
  ];
}

const info = (at: number, digit: string, cseq = 2): TestDatagram =>
  sip(
    at,
    'INFO sip:bob@example.com SIP/2.0',
    `${cseq} INFO`,
    'application/dtmf-relay',
    `Signal=${digit}\r\nDuration=100\r\n`,
  );

interface Typed {
  readonly digit?: number;
  readonly units?: number;
  readonly isEnded?: boolean;
  readonly type?: number;
  readonly withVoice?: boolean;
}

/** Two seconds of PCMU from alice, with a digit after one: a packet each 20 ms, three at the end. */
function media({ digit = 5, units = 800, isEnded = true, type = 101, withVoice = false }: Typed = {}): TestDatagram[] {
  const list: TestDatagram[] = [];
  const add = (at: number, timestamp: number, payloadType: number, payload: Uint8Array): void => {
    const sequence = 100 + list.length;
    const data = rtpPacket({ ssrc: 7, sequence, timestamp, payloadType, payload });
    list.push({ at: 1 + at, from: `${ALICE}:4000`, to: `${BOB}:4000`, payload: data });
  };
  const event = (duration: number, isEnd: boolean): Uint8Array =>
    Uint8Array.of(digit, (isEnd ? 0x80 : 0) | 10, duration >> 8, duration & 255);
  for (let i = 0; i < 100; i++) {
    const isDigit = i >= 50 && (i - 50) * 160 < units;
    if (!isDigit || withVoice) add(i * 0.02, i * 160, 0, new Uint8Array(160).fill(0xff));
    if (isDigit) add(i * 0.02, 8000, type, event(Math.min(units, (i - 49) * 160), false));
    if (isEnded && i >= 50 && i === 49 + Math.ceil(units / 160)) {
      for (let n = 0; n < 3; n++) add(i * 0.02 + 0.001, 8000, type, event(units, true));
    }
  }
  return list;
}

async function problemsOf(...datagrams: readonly TestDatagram[]): Promise<readonly ProblemRow[]> {
  const capture = await captureOf(
    datagrams.toSorted((a, b) => a.at - b.at),
    builtIns,
  );
  return new CaptureIndex(capture).problems.filter(({ code }) => code.startsWith('dtmf-'));
}

describe('digits', () => {
  it('as they should be are no problem', async () => {
    expect(await problemsOf(...call(101), ...media())).toEqual([]);
  });

  it('by telephone-event and SIP INFO are one that comes twice', async () => {
    const [problem, ...others] = await problemsOf(...call(101), ...media(), info(2.05, '5'));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'dtmf-doubled', severity: 'warning', call: 'c1', stream: 's1' });
    expect(problem.message).toBe(
      'The digit 5 came by telephone-event and by SIP INFO; whoever listens to both counts every digit twice.',
    );
    expect(problem.packets.length).toBe(2);
  });

  it('by two roads that are another digit, or seconds apart, are not', async () => {
    expect(await problemsOf(...call(101), ...media(), info(2.05, '6'))).toEqual([]);
    expect(await problemsOf(...call(101), ...media(), info(2.75, '5'))).toEqual([]);
  });

  it('without an end packet', async () => {
    const problems = await problemsOf(...call(101), ...media({ isEnded: false }));
    expect(problems).toMatchObject([{ code: 'dtmf-no-end', severity: 'note', title: '1 digit without an end' }]);
    expect(problems[0].packets.length).toBe(2);
  });

  it('shorter than 40 ms, and not of 40 ms', async () => {
    expect(await problemsOf(...call(101), ...media({ units: 300 }))).toMatchObject([{ code: 'dtmf-short' }]);
    expect(await problemsOf(...call(101), ...media({ units: 320 }))).toEqual([]);
  });

  it('with a payload type that SDP does not name', async () => {
    const problems = await problemsOf(...call(101), ...media({ type: 96 }));
    expect(problems).toMatchObject([{ code: 'dtmf-payload-type', severity: 'warning' }]);
    expect(problems[0].message).toContain('payload type 96');
  });

  it('while voice goes on', async () => {
    expect(await problemsOf(...call(101), ...media({ withVoice: true }))).toMatchObject([
      { code: 'dtmf-with-voice', severity: 'note', title: 'Voice goes on during 1 digit' },
    ]);
  });

  it('without a call the payload type is no problem: nobody agreed on one', async () => {
    const codecs = [{ selector: ANYTHING, payloadType: 101, encoding: EVENT }];
    const capture = await captureOf(media({ isEnded: false }), builtIns, { codecs });
    const codes = new CaptureIndex(capture).problems.map(({ code }) => code).filter((code) => code.startsWith('dtmf-'));
    expect(codes).toEqual(['dtmf-no-end']);
  });
});
