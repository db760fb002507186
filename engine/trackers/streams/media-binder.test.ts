import { describe, expect, it } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { StreamRow } from '../../../shared/api.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../../pass/test-capture.ts';
import { streamRows } from '../../query/stream-rows.ts';

const ALICE = '10.0.0.1';
const BOB = '10.0.0.2';

interface Sdp {
  readonly address: string;
  readonly port: number;
  readonly formats?: string;
  readonly lines?: readonly string[];
  readonly protocol?: string;
}

/** A message with a session description: `INVITE` from alice, `200 OK` from bob. */
function offer(
  at: number,
  start: string,
  sdp: Sdp,
  more: { callId?: string; cseq?: number; toTag?: string; back?: boolean } = {},
): TestDatagram {
  const { callId = 'one@host', cseq = 1, toTag = '', back = /^\d/.test(start) } = more;
  const isRequest = !/^\d/.test(start);
  const body = [
    'v=0',
    'o=- 1 1 IN IP4 host',
    's=-',
    `c=IN IP4 ${sdp.address}`,
    't=0 0',
    `m=audio ${sdp.port} ${sdp.protocol ?? 'RTP/AVP'} ${sdp.formats ?? '0'}`,
    ...(sdp.lines ?? []),
    '',
  ].join('\r\n');
  const lines = [
    isRequest ? `${start} sip:bob@host SIP/2.0` : `SIP/2.0 ${start}`,
    `Via: SIP/2.0/UDP host;branch=z9hG4bK${callId}${cseq}`,
    'From: <sip:alice@host>;tag=a',
    `To: <sip:bob@host>${toTag === '' ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} INVITE`,
    'Content-Type: application/sdp',
    `Content-Length: ${body.length}`,
  ];
  const ends = back ? [`${BOB}:5060`, `${ALICE}:5060`] : [`${ALICE}:5060`, `${BOB}:5060`];
  return { at, from: ends[0], to: ends[1], payload: `${lines.join('\r\n')}\r\n\r\n${body}` };
}

function answer(at: number, sdp: Sdp, more: { callId?: string; cseq?: number } = {}): TestDatagram {
  return offer(at, '200 OK', sdp, { toTag: 'b', ...more });
}

interface Media {
  readonly ssrc: number;
  readonly from: string;
  readonly to: string;
  readonly payloadType?: number;
  readonly count?: number;
  readonly sequence?: number;
  readonly octets?: number;
}

function rtp(
  at: number,
  { ssrc, from, to, payloadType = 0, count = 10, sequence = 1000, octets = 160 }: Media,
): TestDatagram[] {
  const payload = Uint8Array.from({ length: octets }, (_, i) => (i % 2 === 0 ? 0x7f : 0xff));
  return Array.from({ length: count }, (_, i) => ({
    at: at + i * 0.02,
    from,
    to,
    payload: rtpPacket({ ssrc, sequence: sequence + i, timestamp: i * 160, payloadType, payload }),
  }));
}

async function streamsOf(...datagrams: readonly (TestDatagram | TestDatagram[])[]): Promise<StreamRow[]> {
  const inOrder = datagrams.flat().toSorted((a, b) => a.at - b.at);
  return streamRows(await captureOf(inOrder, builtIns));
}

const inviteA = offer(0, 'INVITE', { address: ALICE, port: 4000 });
const answerB = answer(1, { address: BOB, port: 5000 });
const fromAlice = { ssrc: 0xa, from: `${ALICE}:4000`, to: `${BOB}:5000` };
const fromBob = { ssrc: 0xb, from: `${BOB}:5000`, to: `${ALICE}:4000` };

/** What binding decides of a stream. */
function bound({ ssrc, call, direction, setupPacket, recognisedBy }: StreamRow): unknown[] {
  return [ssrc, call, direction, setupPacket, recognisedBy];
}

describe('whose stream it is', () => {
  it('by its destination: the section says where its author receives', async () => {
    const rows = await streamsOf(inviteA, answerB, rtp(2, fromAlice), rtp(2.005, fromBob));
    expect(rows.map(bound)).toEqual([
      ['0x0000000a', 'c1', 'caller-to-callee', 2, 'signalling'],
      ['0x0000000b', 'c1', 'callee-to-caller', 1, 'signalling'],
    ]);
  });

  it('by its destination though it comes from elsewhere (NAT)', async () => {
    const rows = await streamsOf(inviteA, answerB, rtp(2, { ...fromAlice, from: '192.0.2.7:31000' }));
    expect(rows.map(bound)).toEqual([['0x0000000a', 'c1', 'caller-to-callee', 2, 'signalling']]);
  });

  it('by its source where no section names the destination', async () => {
    const rows = await streamsOf(inviteA, answerB, rtp(2, { ...fromAlice, to: '192.0.2.7:31000' }));
    expect(rows.map(bound)).toEqual([['0x0000000a', 'c1', 'caller-to-callee', 1, 'signalling']]);
  });

  it('both directions of a talk through NAT, and not what runs beside it', async () => {
    const nat = '192.0.2.7:31000';
    const rows = await streamsOf(
      inviteA,
      answerB,
      rtp(2, { ssrc: 0xa, from: nat, to: `${BOB}:5000` }),
      rtp(2.001, { ssrc: 0xb, from: `${BOB}:5000`, to: nat }),
      rtp(2.002, { ssrc: 0xc, from: `${BOB}:5999`, to: nat }),
    );
    expect(rows.map(({ ssrc, call, direction }) => [ssrc, call, direction])).toEqual([
      ['0x0000000a', 'c1', 'caller-to-callee'],
      ['0x0000000b', 'c1', 'callee-to-caller'],
      ['0x0000000c', null, null],
    ]);
  });

  it('media ahead of its answer is of the call all the same', async () => {
    const rows = await streamsOf(inviteA, rtp(0.5, fromBob), rtp(0.5, fromAlice), answerB);
    expect(rows.map(({ direction, call }) => [direction, call])).toEqual([
      ['callee-to-caller', 'c1'],
      ['caller-to-callee', 'c1'],
    ]);
  });

  it('a later call on the same port has its own stream, and leaves the earlier one alone', async () => {
    const second = { callId: 'two@host' };
    const rows = await streamsOf(
      inviteA,
      answerB,
      rtp(2, fromAlice),
      offer(100, 'INVITE', { address: ALICE, port: 4000 }, second),
      answer(101, { address: BOB, port: 5000 }, second),
      rtp(102, { ...fromAlice, ssrc: 0xaa }),
    );
    expect(rows.map(({ ssrc, call, setupPacket }) => [ssrc, call, setupPacket])).toEqual([
      ['0x0000000a', 'c1', 2],
      ['0x000000aa', 'c2', 14],
    ]);
  });

  it('media long before any call on its port belongs to none', async () => {
    const rows = await streamsOf(rtp(0, fromAlice), { ...inviteA, at: 100 }, { ...answerB, at: 101 });
    expect(rows.map(({ call, recognisedBy }) => [call, recognisedBy])).toEqual([[null, 'consistency']]);
  });

  it('without signalling nothing is bound', async () => {
    const rows = await streamsOf(rtp(0, fromAlice));
    expect(rows.map(bound)).toEqual([['0x0000000a', null, null, null, 'consistency']]);
  });

  it.each([4, 5])('%i packets that agree are a stream', async (count) => {
    expect((await streamsOf(rtp(0, { ...fromAlice, count, sequence: 30_000 }))).length).toBe(1);
  });

  it('3 packets are none, and announced ones are', async () => {
    expect((await streamsOf(rtp(0, { ...fromAlice, count: 3 }))).length).toBe(0);
    expect((await streamsOf(inviteA, answerB, rtp(2, { ...fromAlice, count: 1 }))).length).toBe(1);
  });
});

describe('what its payload types mean', () => {
  const formats = '0 101';
  const lines = ['a=rtpmap:101 telephone-event/8000'];

  it('a payload type that a re-INVITE adds', async () => {
    const later = { cseq: 2, toTag: 'b' };
    const rows = await streamsOf(
      inviteA,
      answerB,
      rtp(2, { ...fromAlice, count: 20 }),
      offer(2.1, 'INVITE', { address: ALICE, port: 4000, formats: '97', lines: ['a=rtpmap:97 L16/16000'] }, later),
      answer(2.2, { address: BOB, port: 5000, formats: '97', lines: ['a=rtpmap:97 L16/16000'] }, { cseq: 2 }),
      rtp(2.5, { ...fromAlice, payloadType: 97, count: 60, sequence: 1020 }),
    );
    expect(rows.map(({ codec, clockRate, payloadTypes }) => [codec, clockRate, payloadTypes])).toEqual([
      ['L16', 16_000, [0, 97]],
    ]);
  });

  it('a payload type only the other side names', async () => {
    const rows = await streamsOf(
      offer(0, 'INVITE', { address: ALICE, port: 4000, formats: '0 98', lines: ['a=rtpmap:98 L16/16000'] }),
      answerB,
      rtp(2, { ...fromAlice, payloadType: 98 }),
    );
    expect(rows.map(({ codec, clockRate }) => [codec, clockRate])).toEqual([['L16', 16_000]]);
  });

  it('a number means what each call says of it', async () => {
    const first = { address: BOB, port: 5000, formats: '96', lines: ['a=rtpmap:96 opus/48000/2'] };
    const second = { address: BOB, port: 5100, formats: '96', lines: ['a=rtpmap:96 L16/8000'] };
    const more = { callId: 'two@host' };
    const rows = await streamsOf(
      inviteA,
      answer(1, first),
      offer(1.1, 'INVITE', { address: ALICE, port: 4100 }, more),
      answer(1.2, second, more),
      rtp(2, { ...fromAlice, payloadType: 96 }),
      rtp(2.001, { ssrc: 0xc, from: `${ALICE}:4100`, to: `${BOB}:5100`, payloadType: 96 }),
    );
    expect(rows.map(({ codec, clockRate, channels }) => [codec, clockRate, channels])).toEqual([
      ['opus', 48_000, 2],
      ['L16', 8000, 1],
    ]);
  });

  it('telephone-event is not the codec of a stream that has audio', async () => {
    const rows = await streamsOf(
      offer(0, 'INVITE', { address: ALICE, port: 4000, formats, lines }),
      answer(1, { address: BOB, port: 5000, formats, lines }),
      rtp(2, { ...fromAlice, count: 4 }),
      rtp(2.2, { ...fromAlice, count: 9, payloadType: 101, octets: 4, sequence: 1004 }),
    );
    expect(rows.map(({ codec, payloadTypes }) => [codec, payloadTypes])).toEqual([['PCMU', [0, 101]]]);
  });
});

describe('encryption', () => {
  const crypto = ['a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'];

  it('is what the profile of the section in force says', async () => {
    const rows = await streamsOf(
      offer(0, 'INVITE', { address: ALICE, port: 4000, protocol: 'RTP/SAVP', lines: crypto }),
      answer(1, { address: BOB, port: 5000, protocol: 'RTP/SAVP', lines: crypto }),
      rtp(2, fromAlice),
    );
    expect(rows.map(({ encryption }) => [encryption?.suite, encryption?.keySource])).toEqual([
      ['AES_CM_128_HMAC_SHA1_80', 'sdes'],
    ]);
  });

  it('offered and answered without is none', async () => {
    const rows = await streamsOf(
      offer(0, 'INVITE', { address: ALICE, port: 4000, lines: crypto }),
      answerB,
      rtp(2, fromAlice),
      rtp(2.001, fromBob),
    );
    expect(rows.map(({ encryption }) => encryption)).toEqual([null, null]);
  });
});
