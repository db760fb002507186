/** What test/captures/README.md says is in the recorded captures: from the scripts, tshark and the relay's own log. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callRows } from '../../engine/query/call-rows.ts';
import { captureInfo } from '../../engine/query/capture-info.ts';
import { digitRows } from '../../engine/query/digit-rows.ts';
import { keyRows } from '../../engine/query/key-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { warningsOf } from '../../engine/query/warnings.ts';
import type { CallRow, CaptureInfo, DigitRow, KeyRow, StreamRow, Warning } from '../../shared/api.ts';
import { OWN_CAPTURES, withCapture } from './capture-files.ts';

interface Found {
  readonly info: CaptureInfo;
  readonly calls: CallRow[];
  readonly streams: StreamRow[];
  readonly digits: DigitRow[];
  readonly keys: KeyRow[];
  readonly warnings: Warning[];
}

async function read(file: string): Promise<Found> {
  const found = await withCapture(join(OWN_CAPTURES, file), (capture) => ({
    info: captureInfo(capture),
    calls: [...callRows(capture, { all: true })],
    streams: streamRows(capture),
    digits: digitRows(capture),
    keys: [...keyRows(capture)],
    warnings: warningsOf(capture),
  }));
  if (found === null) throw new Error(`${file} is no capture`);
  return found;
}

/** The only stream in a direction. */
function towards(found: Found, direction: 'a→b' | 'b→a'): StreamRow {
  const wanted = direction === 'a→b' ? 'caller-to-callee' : 'callee-to-caller';
  const rows = found.streams.filter((row) => row.direction === wanted);
  expect(rows).toHaveLength(1);
  return rows[0];
}

/** `INVITE 180 200 ACK`, messages that were sent again or captured twice left out. */
function story(call: CallRow): string {
  return call.messages
    .filter((message) => !message.retransmission && message.capturedTwice !== true)
    .map((message) => message.method ?? message.status)
    .join(' ');
}

describe('what the relay did to each packet', () => {
  interface Lane {
    readonly ssrc: string;
    readonly counts: { readonly forwarded: number; readonly dropped: number; readonly duplicated: number };
    readonly sent: readonly number[];
  }
  const lanesOf = (log: string): Lane[] => {
    const { lanes }: { lanes: Record<string, Lane> } = JSON.parse(readFileSync(join(OWN_CAPTURES, log), 'utf8'));
    return Object.values(lanes);
  };

  it.each([
    ['sample.pcap', 'sample.json', '10.77.0.3:30002'],
    ['loss-jitter.pcap', 'loss-jitter.json', '10.77.0.3:30002'],
    ['loss-jitter-caller.pcap', 'loss-jitter.json', '10.77.0.3:30000'],
    ['relay-both-legs.pcap', 'loss-jitter.json', '10.77.0.3:30002'],
    ['relay-both-legs.pcap', 'loss-jitter.json', '10.77.0.3:30000'],
  ])('%s against %s, sent from %s', async (file, log, from) => {
    const stream = (await read(file)).streams.find((row) => row.src === from);
    const lane = lanesOf(log).find((candidate) => candidate.ssrc === stream?.ssrc);
    expect(stream).toMatchObject({
      packets: lane?.counts.forwarded,
      lost: lane?.counts.dropped,
      duplicates: lane?.counts.duplicated,
      outOfOrder: lateIn(lane?.sent ?? []),
    });
  });

  it('loses nothing before the relay', async () => {
    const { streams } = await read('relay-both-legs.pcap');
    expect(streams).toHaveLength(4);
    for (const stream of streams.filter((row) => row.dst.startsWith('10.77.0.3'))) {
      expect(stream).toMatchObject({ packets: 311, lost: 0, duplicates: 0, outOfOrder: 0 });
    }
  });
});

describe('calls', () => {
  it.each([
    ['sample.pcap', 'completed', 'caller', 'INVITE 180 200 ACK BYE 200'],
    ['early-media.pcap', 'completed', 'caller', 'INVITE 100 183 200 ACK BYE 200'],
    ['hold-resume.pcap', 'completed', 'caller', `INVITE 180 200 ACK${' INVITE 200 ACK'.repeat(3)} BYE 200`],
    ['codec-switch.pcap', 'completed', 'caller', 'INVITE 180 200 ACK INVITE 200 ACK BYE 200'],
    ['cancelled.pcap', 'cancelled', null, 'INVITE 100 180 CANCEL 200 487 ACK'],
    ['rejected.pcap', 'rejected', null, 'INVITE 100 486 ACK'],
    ['auth-call.pcap', 'completed', 'caller', 'INVITE 407 ACK INVITE 180 200 ACK BYE 200'],
    ['no-answer.pcap', 'timedOut', null, 'INVITE'],
    ['ipv6-call.pcap', 'completed', 'caller', 'INVITE 180 200 ACK BYE 200'],
    ['tcp-call.pcap', 'completed', 'caller', 'INVITE 180 200 ACK BYE 200'],
    ['fragments.pcap', 'completed', 'caller', 'INVITE 180 200 ACK BYE 200'],
    ['fragments-v6.pcap', 'completed', 'caller', 'INVITE 180 200 ACK BYE 200'],
    ['missing-start.pcap', 'incomplete', null, 'BYE 200'],
    ['way-any-twice.pcap', 'completed', 'caller', 'INVITE 180 200 ACK BYE 200'],
    ['way-both-sides.pcap', 'completed', 'caller', 'INVITE 180 200 ACK BYE 200'],
    ['way-cut-off.pcap', 'established', null, 'INVITE 180 200 ACK'],
  ])('%s: %s, ended by %s', async (file, state, endedBy, messages) => {
    const { calls } = await read(file);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ method: calls[0].state === 'incomplete' ? 'BYE' : 'INVITE', state, endedBy });
    expect(story(calls[0])).toBe(messages);
  });

  it('times are those of the scripts', async () => {
    const [sample] = (await read('sample.pcap')).calls;
    expect(sample.setupSeconds).toBeCloseTo(1.215, 3);
    const [early] = (await read('early-media.pcap')).calls;
    expect(early.setupSeconds).toBeCloseTo(2.2, 1);
    const [cancelled] = (await read('cancelled.pcap')).calls;
    expect(cancelled).toMatchObject({ finalStatus: 487, answerTime: null, setupSeconds: null, durationSeconds: null });
    expect((cancelled.endTime ?? 0) - cancelled.startTime).toBeCloseTo(1.5, 1);
    const [rejected] = (await read('rejected.pcap')).calls;
    expect(rejected).toMatchObject({ finalStatus: 486, reason: 'Busy Here', ringTime: null });
    const [wait] = (await read('no-answer.pcap')).calls;
    const sentAt = wait.messages.map((message) => message.time - wait.startTime);
    [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5].forEach((at, i) => expect(sentAt[i]).toBeCloseTo(at, 1));
    expect(wait.messages.filter((message) => message.retransmission)).toHaveLength(6);
  });

  it('registrations and probes are told from calls', async () => {
    const [registration] = (await read('register.pcap')).calls;
    expect(registration).toMatchObject({ method: 'REGISTER', state: 'completed', finalStatus: 200 });
    expect(story(registration)).toBe('REGISTER 401 REGISTER 200');
    const [probe] = (await read('options.pcap')).calls;
    expect(probe).toMatchObject({ method: 'OPTIONS', state: 'completed' });
    const calls = await withCapture(join(OWN_CAPTURES, 'register.pcap'), (capture) => [
      ...callRows(capture, { all: false }),
    ]);
    expect(calls).toEqual([]);
  });

  it('a fork has a dialog for each phone', async () => {
    const [one] = (await read('forked.pcap')).calls;
    expect(one.dialogs.map(({ toTag, state }) => `${toTag.replace(/\d/g, '')} ${state}`).toSorted()).toEqual([
      'cell rejected',
      'desk terminated',
    ]);
    const [both] = (await read('forked-both.pcap')).calls;
    expect(both.dialogs).toHaveLength(2);
    // The BYE to the second phone is not the end of the call: that is packet 83.
    expect(both.messages.find((message) => message.time === both.endTime)?.packet).toBe(83);
    expect(both.durationSeconds).toBeGreaterThan(1.1);
  });

  it('lost ACKs: the 200 and the ACK are sent again', async () => {
    const [call] = (await read('ack-lost.pcap')).calls;
    // Two legs: three 200s on each; three ACKs on the caller's, one on the callee's.
    const answers = call.messages.filter((message) => message.status === 200 && message.cseq.endsWith('INVITE'));
    expect(answers).toHaveLength(6);
    expect(answers.filter((message) => message.retransmission)).toHaveLength(4);
    const acks = call.messages.filter((message) => message.method === 'ACK');
    expect(acks).toHaveLength(4);
    expect(acks.filter((message) => message.retransmission)).toHaveLength(2);
  });

  it('two calls on one TCP connection, cut at awkward places', async () => {
    const { calls } = await read('tcp-segments.pcap');
    expect(calls.map((call) => `${call.callId}: ${story(call)}`)).toEqual([
      'cut@example.com: INVITE 100 180 200 ACK BYE 200',
      'joined@example.com: INVITE 100 200 ACK BYE 200',
    ]);
    expect(calls[0].messages.every((message) => message.transport === 'tcp')).toBe(true);
  });
});

describe('streams', () => {
  it.each([
    ['g711a-call.pcap', 'PCMA', 411, 411],
    ['ipv6-call.pcap', 'PCMA', 211, 211],
    ['tcp-call.pcap', 'PCMU', 161, 161],
    ['tones.pcap', 'PCMA', 209, 210],
    ['g722-call.pcap', 'G722', 211, 211],
    ['g726-call.pcap', 'G726-32', 211, 211],
    ['gsm-call.pcap', 'GSM', 211, 211],
    ['opus-call.pcap', 'opus', 209, 210],
    ['l16-baresip.pcap', 'L16', 119, 120],
    ['l16-call.pcap', 'L16', 100, 100],
    ['early-media.pcap', 'PCMU', 125, 150],
    ['hold-resume.pcap', 'PCMA', 150, 110],
    ['codec-switch.pcap', 'PCMU', 201, 201],
    ['comfort-noise.pcap', 'PCMU', 126, 135],
    ['wraparound.pcap', 'PCMU', 150, 150],
    ['ptime-mix.pcap', 'PCMA', 100, 300],
    ['rtcp-xr.pcap', 'PCMA', 160, 160],
    ['vlan.pcap', 'PCMA', 75, 76],
    ['qinq.pcap', 'PCMA', 75, 76],
    ['raw-ip.pcap', 'PCMA', 50, 50],
    ['srtp-sdes.pcap', 'PCMA', 211, 211],
    ['srtp-dtls.pcap', 'PCMA', 161, 161],
    ['way-nanosecond.pcap', 'PCMU', 161, 161],
    ['way-pcapng.pcapng', 'PCMU', 161, 161],
    ['way-gzip.pcap.gz', 'PCMU', 161, 161],
    ['way-sll.pcap', 'PCMU', 161, 161],
    ['way-sll2.pcap', 'PCMU', 161, 161],
  ])('%s: %s, %d and %d packets, none lost', async (file, codec, there, back) => {
    const found = await read(file);
    const [a, b] = [towards(found, 'a→b'), towards(found, 'b→a')];
    expect([a.codec, a.packets, b.codec, b.packets]).toEqual([codec, there, codec, back]);
    for (const row of [a, b]) {
      expect(row).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0, call: 'c1', recognisedBy: 'signalling' });
      // What goes to an end was set up by the message in which that end named its address.
      const setup = found.calls[0].messages.find((message) => message.packet === row.setupPacket);
      const [from, to] = row.direction === 'caller-to-callee' ? ['status', row.dst] : ['method', row.dst];
      expect(setup).toHaveProperty(from);
      expect(hostOf(setup?.src ?? '')).toBe(hostOf(to));
    }
    expect(found.calls[0].streams.toSorted()).toEqual([a.id, b.id].toSorted());
  });

  it('one-way media and a change of SSRC', async () => {
    const oneWay = await read('one-way.pcap');
    expect(oneWay.streams.map((row) => [row.direction, row.packets])).toEqual([['caller-to-callee', 150]]);
    const change = await read('ssrc-change.pcap');
    expect(change.streams.map((row) => [row.ssrc, row.direction, row.packets, row.lost])).toEqual([
      ['0xb0b00001', 'callee-to-caller', 200, 0],
      ['0xa11ce001', 'caller-to-callee', 100, 0],
      ['0xfb46ba5b', 'caller-to-callee', 100, 0],
    ]);
  });

  it('no signalling: recognised by the packets', async () => {
    const { streams } = await read('rtp-only.pcap');
    expect(streams).toHaveLength(1);
    expect(streams[0]).toMatchObject({ ssrc: '0x12345678', packets: 153, codec: 'PCMA', recognisedBy: 'consistency' });
    expect(streams[0]).toMatchObject({ call: null, setupPacket: null, direction: null });
    const start = await read('missing-start.pcap');
    expect(new Set(start.streams.map((row) => row.packets))).toEqual(new Set([129, 131]));
  });

  it.each(['way-any-twice.pcap', 'way-both-sides.pcap'])(
    '%s: everything twice is said so, and nothing was sent again',
    async (file) => {
      const found = await read(file);
      for (const direction of ['a→b', 'b→a'] as const) {
        const row = towards(found, direction);
        expect(row).toMatchObject({ packets: 322, expected: 161, lost: 0, duplicates: 161, capturedTwice: true });
      }
      expect(found.calls[0].messages.filter((message) => message.retransmission)).toEqual([]);
      expect(found.calls[0].messages.filter((message) => message.capturedTwice)).toHaveLength(6);
    },
  );

  it('a file that is cut off keeps what came before', async () => {
    const { info, streams, warnings } = await read('way-cut-off.pcap');
    expect(info).toMatchObject({ packets: 169, truncated: true });
    expect(new Set(streams.map((row) => row.packets))).toEqual(new Set([80, 81]));
    expect(warnings.map((warning) => warning.code)).toEqual(['capture-cut']);
  });

  it('frames cut at 96 octets still give the figures of whole ones', async () => {
    const snapped = await read('way-snap96.pcap');
    expect(snapped.info.truncated).toBe(false);
    expect(figures(snapped)).toEqual(figures(await read('way-gzip.pcap.gz')));
  });

  it('SRTP is said to be encrypted, with its keys where they are in SDP', async () => {
    const sdes = await read('srtp-sdes.pcap');
    for (const row of sdes.streams) {
      expect(row.encryption).toMatchObject({ suite: 'AES_CM_128_HMAC_SHA1_80', keySource: 'sdes' });
    }
    expect(new Set(sdes.keys.map((key) => key.side))).toEqual(new Set(['offer', 'answer']));
    // 30 octets of key and salt (RFC 4568 6.1).
    for (const { key } of sdes.keys) expect(Buffer.from(key, 'base64')).toHaveLength(30);
    const dtls = await read('srtp-dtls.pcap');
    for (const row of dtls.streams) expect(row.encryption).toMatchObject({ keySource: 'dtls' });
  });
});

describe('digits', () => {
  it.each([
    ['sample.pcap', '427#', null],
    ['g711u-dtmf.pcap', '12#', '*0'],
    ['dtmf-pt96.pcap', '159*', '0D'],
  ])('%s: %s and %s', async (file, there, back) => {
    const found = await read(file);
    expect(towards(found, 'a→b').digits).toBe(there);
    expect(towards(found, 'b→a').digits).toBe(back);
    expect(found.digits.every((digit) => !digit.guessed && digit.call === 'c1')).toBe(true);
  });

  it('a digit whose end packets were lost is a digit all the same', async () => {
    const { digits } = await read('dtmf-pt96.pcap');
    const durations = digits.map((digit) => [digit.digit, Math.round(digit.durationMs ?? Number.NaN)]);
    expect(durations).toEqual([
      ['1', 120],
      ['5', 100],
      ['9', 120],
      ['*', 120],
      ['0', 80],
      ['D', 80],
    ]);
  });

  it('none in a call without any', async () => {
    expect((await read('loss-jitter.pcap')).digits).toEqual([]);
  });
});

function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':'));
}

/** Numbers that left after a higher one. None of these logs goes past 65535. */
function lateIn(sent: readonly number[]): number {
  const seen = new Set<number>();
  let highest = -1;
  let late = 0;
  for (const sequence of sent) {
    if (!seen.has(sequence) && sequence < highest) late++;
    seen.add(sequence);
    highest = Math.max(highest, sequence);
  }
  return late;
}

/** What frames cut short must not change. */
function figures({ streams }: Found): unknown[] {
  return streams.map((row) => [row.ssrc, row.packets, row.lost, row.jitterMs]);
}
