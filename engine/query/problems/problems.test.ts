import { describe, expect, it } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { ProblemRow } from '../../../shared/engine-api.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../../pass/test-capture.ts';
import { CaptureIndex } from '../capture-index.ts';

const ALICE = '10.0.0.1';
const BOB = '10.0.0.2';

interface Options {
  /** Who sends, as an address and port. */
  readonly from?: string;
  readonly to?: string;
  readonly cseq?: string;
  readonly branch?: string;
  readonly toTag?: string;
  readonly extra?: readonly string[];
  /** Address and port of the offer or answer. */
  readonly media?: string;
  readonly direction?: string;
}

/** `INVITE` of alice, `200 OK` of bob; `at` in seconds. */
function sip(at: number, start: string, options: Options = {}): TestDatagram {
  const isResponse = /^\d/.test(start);
  const cseq = options.cseq ?? `1 ${isResponse ? 'INVITE' : start}`;
  const [fromDefault, toDefault] = isResponse ? [BOB, ALICE] : [ALICE, BOB];
  const from = options.from ?? `${fromDefault}:5060`;
  const to = options.to ?? `${toDefault}:5060`;
  const toTag = options.toTag ?? (isResponse && !start.startsWith('100') ? 'b' : '');
  const branch = options.branch ?? cseq.replace(/ (ACK|CANCEL)$/, ' INVITE').replace(' ', '');
  const [address, port] = (options.media ?? '').split(':');
  const body =
    options.media === undefined
      ? ''
      : `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\na=${options.direction ?? 'sendrecv'}\r\n`;
  const lines = [
    isResponse ? `SIP/2.0 ${start}` : `${start} sip:bob@example.com SIP/2.0`,
    `Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK${branch}`,
    'From: <sip:alice@example.com>;tag=a',
    `To: <sip:bob@example.com>${toTag === '' ? '' : `;tag=${toTag}`}`,
    'Call-ID: one@example.com',
    `CSeq: ${cseq}`,
    ...(options.extra ?? []),
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
  ];
  return { at, from, to, payload: `${lines.join('\r\n')}\r\n\r\n${body}` };
}

/** PCMU from one address to another, 20 ms each; a packet that `skip` names was lost. */
function rtp(
  start: number,
  count: number,
  [from, to]: readonly [string, string],
  skip: (i: number) => boolean = () => false,
  timing: (i: number) => number = (i) => i * 0.02,
  ssrc = 0x1234,
): TestDatagram[] {
  const packets: TestDatagram[] = [];
  for (let i = 0; i < count; i++) {
    if (skip(i)) continue;
    const payload = rtpPacket({ ssrc, sequence: 100 + i, timestamp: 160 * i, payloadType: 0 });
    packets.push({ at: start + timing(i), from, to, payload });
  }
  return packets;
}

const later = (at: number): TestDatagram => ({ at, from: '10.0.0.9:9', to: '10.0.0.8:9', payload: 'x' });

async function problemsOf(...datagrams: readonly TestDatagram[]): Promise<readonly ProblemRow[]> {
  const capture = await captureOf(
    datagrams.toSorted((a, b) => a.at - b.at),
    builtIns,
  );
  return new CaptureIndex(capture).problems;
}

async function codesOf(...datagrams: readonly TestDatagram[]): Promise<string[]> {
  return (await problemsOf(...datagrams)).map(({ code, severity }) => `${severity} ${code}`);
}

const invite = sip(0, 'INVITE');
const ok = sip(1, '200 OK');
const ack = sip(1.1, 'ACK', { toTag: 'b' });
const bye = sip(5, 'BYE', { cseq: '2 BYE', toTag: 'b' });
const byeOk = sip(5.1, '200 OK', { cseq: '2 BYE' });

describe('a call that is well', () => {
  it('has no problems', async () => {
    expect(await codesOf(invite, ok, ack, bye, byeOk)).toEqual([]);
  });
});

describe('a call that was refused', () => {
  it.each([
    ['404 Not Found', 'error call-failed', 'RFC 3261 §21.4.5'],
    ['503 Service Unavailable', 'error call-failed', 'RFC 3261 §21.5.4'],
    ['488 Not Acceptable Here', 'error call-failed', 'RFC 3261 §21.4.26'],
    ['604 Does Not Exist Anywhere', 'error call-failed', 'RFC 3261 §21.6.3'],
    ['486 Busy Here', 'note call-declined', 'RFC 3261 §21.4.24'],
    ['603 Decline', 'note call-declined', 'RFC 3261 §21.6.2'],
    ['302 Moved Temporarily', 'note call-redirected', 'RFC 3261 §21.3.3'],
  ])('%s: %s', async (answer, code, spec) => {
    const [problem, ...more] = await problemsOf(invite, sip(1, answer), sip(1.1, 'ACK', { toTag: 'b' }), later(9));
    expect(more).toEqual([]);
    expect(`${problem.severity} ${problem.code}`).toBe(code);
    expect(problem).toMatchObject({ id: 'p1', call: 'c1', stream: null, packets: [1, 2], spec });
    expect(problem.message).toContain(`10.0.0.2 answered the INVITE with ${answer}`);
  });

  it('487 after a CANCEL is what was wanted', async () => {
    const cancel = sip(1, 'CANCEL', { cseq: '1 CANCEL' });
    const done = sip(1.1, '200 OK', { cseq: '1 CANCEL' });
    expect(await codesOf(invite, cancel, done, sip(1.2, '487 Request Terminated'), later(9))).toEqual([]);
  });

  it('a challenge that was answered with credentials is no failure', async () => {
    const again = sip(0.3, 'INVITE', { cseq: '2 INVITE', extra: ['Authorization: Digest username="alice"'] });
    const challenge = sip(0.1, '401 Unauthorized', { toTag: 'x' });
    const answered = sip(1, '200 OK', { cseq: '2 INVITE' });
    expect(await codesOf(invite, challenge, again, answered, sip(1.1, 'ACK', { cseq: '2 ACK' }), bye, byeOk)).toEqual(
      [],
    );
    expect(await codesOf(invite, challenge, again, sip(1, '401 Unauthorized', { cseq: '2 INVITE' }), later(9))).toEqual(
      ['error credentials-refused'],
    );
    expect(await codesOf(invite, challenge, later(9))).toEqual(['warning challenge-unanswered']);
    expect(await codesOf(invite, challenge)).toEqual([]);
  });
});

describe('what nobody answered', () => {
  const tries = [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5].map((at) => sip(at, 'INVITE'));

  it('an INVITE, once there was time for an answer', async () => {
    const [problem] = await problemsOf(...tries);
    expect(problem).toMatchObject({ code: 'invite-unanswered', packets: [1, 2, 3, 4, 5, 6, 7] });
    expect(problem.message).toBe(
      'Nothing came back from 10.0.0.2, so the INVITE was sent 7 times and the call was not set up.',
    );
    expect(await codesOf(...tries.slice(0, 3))).toEqual([]);
    expect(await codesOf(...tries, sip(0.1, '100 Trying'))).not.toContain('error invite-unanswered');
  });

  it('a BYE', async () => {
    const byes = [5, 5.5, 6.5].map((at) => sip(at, 'BYE', { cseq: '2 BYE', toTag: 'b' }));
    expect(await codesOf(invite, ok, ack, ...byes)).toEqual(['warning bye-unanswered']);
    expect(await codesOf(invite, ok, ack, bye)).toEqual([]);
    expect(await codesOf(invite, ok, ack, bye, later(60))).toEqual(['warning bye-unanswered']);
    expect(await codesOf(invite, ok, ack, ...byes, sip(7, '200 OK', { cseq: '2 BYE' }))).toEqual([]);
  });

  it('a registration', async () => {
    const register = (at: number): TestDatagram => sip(at, 'REGISTER');
    expect(await codesOf(register(0), register(0.5), later(40))).toEqual(['warning registration-unanswered']);
    const refused = sip(1, '403 Forbidden', { cseq: '1 REGISTER' });
    expect(await codesOf(register(0), refused)).toEqual(['error registration-failed']);
    expect(await codesOf(register(0), sip(1, '401 Unauthorized', { cseq: '1 REGISTER' }))).toEqual([]);
  });
});

describe('the ACK of a 200', () => {
  const times = [1, 1.5, 2.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5, 32.5];
  const answers = times.map((at) => sip(at, '200 OK'));

  it('is missing where the 200 is sent again and again', async () => {
    const [problem] = await problemsOf(invite, ...answers.slice(0, 4));
    expect(problem).toMatchObject({ code: 'ack-missing', severity: 'error', packets: [2, 3, 4, 5] });
    expect(problem.message).toBe('No ACK went to 10.0.0.2, so it sent its 200 4 times.');
    // One repeat may have crossed the ACK.
    expect(await codesOf(invite, ...answers.slice(0, 2), sip(1.6, 'ACK', { toTag: 'b' }))).toEqual([]);
  });

  it('did not go on to the callee, though a proxy got it', async () => {
    const proxied = sip(1.1, 'ACK', { toTag: 'b', to: '10.0.0.3:5060' });
    const [problem] = await problemsOf(invite, ...answers.slice(0, 4), proxied);
    expect(problem.message).toBe(
      'The ACK was seen on another hop and none went to 10.0.0.2, so it sent its 200 4 times.',
    );
    expect(problem.packets).toContain(3);
  });

  it('its absence ends the call after 32 s', async () => {
    const hangUp = sip(33, 'BYE', { cseq: '1 BYE', from: `${BOB}:5060`, to: `${ALICE}:5060`, toTag: 'a' });
    const done = sip(33.1, '200 OK', { cseq: '1 BYE', from: `${ALICE}:5060`, to: `${BOB}:5060` });
    const [problem, ...more] = await problemsOf(invite, ...answers, hangUp, done);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ code: 'ack-timeout', title: 'No ACK: call dropped after 32 s' });
    expect(problem.message).toBe('No ACK went to 10.0.0.2, so it repeated its 200 for 32 s, then hung up.');
  });

  it('came late', async () => {
    const [problem] = await problemsOf(invite, ...answers.slice(0, 3), sip(2.6, 'ACK', { toTag: 'b' }), bye, byeOk);
    expect(problem).toMatchObject({ code: 'ack-late', severity: 'warning' });
    expect(problem.message).toBe('The ACK reached 10.0.0.2 1.6 s after its 200, which it sent 3 times until then.');
  });
});

describe('signalling that goes wrong on the way', () => {
  it('a CANCEL of another branch matches no transaction', async () => {
    const cancel = sip(1, 'CANCEL', { cseq: '1 CANCEL', branch: 'other' });
    const refused = sip(1.1, '481 Call Does Not Exist', { cseq: '1 CANCEL', branch: 'other' });
    const problems = await problemsOf(invite, sip(0.1, '180 Ringing'), cancel, refused);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'cancel-unmatched', packets: [1, 3, 4], spec: 'RFC 3261 §9.1' });
    expect(problems[0].message).toContain('another Via branch');
    const same = await problemsOf(
      invite,
      sip(1, 'CANCEL', { cseq: '1 CANCEL' }),
      sip(1.1, '481 Call Does Not Exist', { cseq: '1 CANCEL' }),
    );
    expect(same[0].message).not.toContain('branch');
  });

  it('many repeats that nothing else explains', async () => {
    const ringing = [0.5, 1, 2, 4, 8].map((at) => sip(at, '183 Session Progress', { extra: ['RSeq: 1'] }));
    expect(await codesOf(invite, ...ringing)).toEqual(['warning sip-retransmissions']);
    expect(await codesOf(invite, ...ringing.slice(0, 3))).toEqual([]);
  });

  it('a call that began before the capture is a note', async () => {
    expect(await codesOf(bye, byeOk)).toEqual(['note call-began-before']);
  });
});

describe('media', () => {
  const [a, b] = [`${ALICE}:4000`, `${BOB}:6000`];
  const offer = sip(0, 'INVITE', { media: a });
  const answer = sip(1, '200 OK', { media: b });
  const both = [...rtp(1.2, 100, [a, b]), ...rtp(1.2, 100, [b, a], undefined, undefined, 0x9999)];
  const end = [sip(9, 'BYE', { cseq: '2 BYE', toTag: 'b' }), sip(9.1, '200 OK', { cseq: '2 BYE' })];

  it('both ways is well, and so is one way that was agreed', async () => {
    expect(await codesOf(offer, answer, ack, ...both, ...end)).toEqual([]);
    const held = sip(1, '200 OK', { media: b, direction: 'recvonly' });
    expect(await codesOf(offer, held, ack, ...rtp(1.2, 100, [a, b]), ...end)).toEqual([]);
  });

  it('one way that was not agreed', async () => {
    const [problem, ...more] = await problemsOf(offer, answer, ack, ...rtp(1.2, 100, [a, b]), ...end);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      code: 'one-way-audio',
      severity: 'error',
      title: 'One-way audio: nothing from bob',
      packets: [1, 2, 4],
    });
    // Too short to tell.
    expect(await codesOf(offer, answer, ack, ...rtp(1.2, 20, [a, b]), sip(1.7, 'BYE', { cseq: '2 BYE' }))).toEqual([]);
  });

  it('none of a call, where the capture has that of others', async () => {
    const others = rtp(0, 50, ['10.0.0.7:7000', '10.0.0.8:8000']);
    expect(await codesOf(offer, answer, ack, ...others, ...end)).toEqual(['warning no-media', 'note no-signalling']);
    expect(await codesOf(offer, answer, ack, ...end)).toEqual([]);
  });

  it('no media, with the streams that may be it', async () => {
    const before = rtp(0, 40, ['10.0.0.7:7000', '10.0.0.8:8000']);
    const during = [1, 2, 3, 4, 5].map((n) =>
      rtp(1.5, 60, [`10.0.0.7:700${n}`, '10.0.0.8:8000'], undefined, undefined, n),
    );
    const [alone] = await problemsOf(offer, answer, ack, ...before, ...end);
    expect(alone.message).not.toContain('s1');
    const [one] = await problemsOf(offer, answer, ack, ...during[0], ...end);
    expect(one.message).toContain('stream s1 is in no SDP');
    const [many] = await problemsOf(offer, answer, ack, ...before, ...during.flat(), ...end);
    expect(many.message).toContain('streams s2, s3, s4 and 2 more are in no SDP');
  });

  it('a private address of somebody on a public one', async () => {
    const hidden = sip(0, 'INVITE', { media: '192.168.1.20:4000', from: '203.0.113.7:5060' });
    const reply = sip(1, '200 OK', { media: '198.51.100.9:6000', to: '203.0.113.7:5060', from: '198.51.100.9:5060' });
    const oneWay = rtp(1.2, 100, ['203.0.113.7:4000', '198.51.100.9:6000']);
    const problems = await problemsOf(hidden, reply, ...oneWay, later(9));
    expect(problems.map(({ code }) => code)).toEqual(['private-address', 'one-way-audio']);
    expect(problems[0].message).toContain('192.168.1.20');
    expect(problems[0].message).toContain('203.0.113.7');
  });

  it('loss: a warning from 1 %, an error from 5 %, with the longest run', async () => {
    const run = (i: number): boolean => i >= 40 && i < 43;
    const [problem, ...more] = await problemsOf(
      offer,
      answer,
      ack,
      ...rtp(1.2, 100, [a, b], (i) => run(i) || i === 70),
      ...both.slice(100),
      ...end,
    );
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      code: 'packet-loss',
      severity: 'warning',
      title: '4.0 % loss, bursts up to 3',
      message: '4 of 100 packets from alice never came to the point of capture, up to 3 in a row.',
      stream: 's1',
      call: 'c1',
    });
    expect(
      await codesOf(offer, answer, ack, ...rtp(1.2, 100, [a, b], (i) => i % 10 === 5), ...both.slice(100)),
    ).toEqual(['error packet-loss']);
    expect(await codesOf(offer, answer, ack, ...rtp(1.2, 100, [a, b], (i) => i === 50), ...both.slice(100))).toEqual(
      [],
    );
  });

  it('packets that come late are not lost, and shorten the run', async () => {
    // 40 to 45 are overtaken by 46; 42 comes after it.
    const late = rtp(
      1.2,
      100,
      [a, b],
      (i) => i >= 40 && i < 46 && i !== 42,
      (i) => (i === 42 ? 46.5 : i) * 0.02,
    );
    const [problem] = await problemsOf(offer, answer, ack, ...late, ...both.slice(100), ...end);
    expect(problem.title).toBe('5.0 % loss, bursts up to 3');
  });

  it('jitter of more than 30 ms', async () => {
    const uneven = rtp(1.2, 100, [a, b], undefined, (i) => i * 0.02 + (i % 2) * 0.045);
    const problems = await problemsOf(offer, answer, ack, ...uneven, ...both.slice(100), ...end);
    expect(problems.map(({ code }) => code)).toEqual(['jitter']);
    expect(problems[0].title).toMatch(/^Jitter up to \d+ ms$/);
  });

  it('a gap in which the clock of the sender stood still', async () => {
    const gap = rtp(1.2, 100, [a, b], undefined, (i) => i * 0.02 + (i < 50 ? 0 : 2));
    const codes = await codesOf(offer, answer, ack, ...gap, ...both.slice(100), ...end);
    expect(codes).toContain('warning media-gap');
  });
});

describe('digits', () => {
  const flow = ['10.0.0.7:7000', '10.0.0.8:8000'] as const;
  const event = (at: number, sequence: number, timestamp: number, duration: number, isEnd: boolean): TestDatagram => ({
    at,
    from: flow[0],
    to: flow[1],
    payload: rtpPacket({
      ssrc: 7,
      sequence,
      timestamp,
      payloadType: 101,
      payload: Uint8Array.of(4, isEnd ? 0x8a : 0x0a, duration >> 8, duration & 255),
    }),
  });
  /** A digit of 100 ms, whose last end packet may carry another timestamp. */
  const digit = (at: number, first: number, timestamp: number, lastTimestamp = timestamp): TestDatagram[] => [
    ...[0, 1, 2, 3].map((i) => event(at + i * 0.02, first + i, timestamp, 160 * (i + 1), false)),
    ...[4, 5].map((i) => event(at + i * 0.02, first + i, timestamp, 800, true)),
    event(at + 0.12, first + 6, lastTimestamp, 800, true),
  ];

  it('an end packet with a new timestamp makes two of one', async () => {
    const problems = await problemsOf(...digit(0, 1, 1000, 1160));
    expect(problems.map(({ code }) => code)).toContain('digit-doubled');
    const doubled = problems.find(({ code }) => code === 'digit-doubled');
    expect(doubled).toMatchObject({ title: 'Digit 4 arrives twice', stream: 's1', packets: [1, 7] });
  });

  it('a digit that is pressed twice is two', async () => {
    const problems = await problemsOf(...digit(0, 1, 1000), ...digit(0.2, 8, 2600));
    expect(problems.map(({ code }) => code)).not.toContain('digit-doubled');
  });
});

describe('packets', () => {
  it('that are malformed are told by what is wrong, all in one', async () => {
    const broken = sip(0, 'INVITE');
    const text = String(broken.payload).replace('CSeq: 1 INVITE', 'CSeq: one INVITE');
    const problems = await problemsOf({ ...broken, payload: text }, { ...broken, at: 1, payload: text });
    const [problem] = problems.filter(({ code }) => code === 'sip-bad-cseq');
    expect(problem).toMatchObject({ severity: 'warning', title: 'Malformed SIP packets', packets: [1, 2] });
    expect(problem.message).toBe('CSeq is not a 32-bit number and a method, 2 times, first in packet 1.');
  });
});

describe('every problem', () => {
  it('has its place by severity, then time', async () => {
    const problems = await problemsOf(
      ...rtp(0, 50, ['10.0.0.7:7000', '10.0.0.8:8000']),
      sip(3, 'INVITE'),
      sip(4, '404 Not Found'),
      ...rtp(5, 100, ['10.0.0.5:7000', '10.0.0.6:8000'], (i) => i % 50 === 20),
    );
    expect(problems.map(({ id, severity, code }) => `${id} ${severity} ${code}`)).toEqual([
      'p1 error call-failed',
      'p2 warning packet-loss',
      'p3 note no-signalling',
    ]);
  });
});
