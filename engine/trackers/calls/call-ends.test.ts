import { expect, it } from 'vitest';
import type { CallRow } from '../../../shared/api.ts';
import { type Datagram, readMemory, udpPcap } from '../../../test/integration/udp-capture.ts';
import { callRows } from '../../query/call-rows.ts';

const ALICE = '192.0.2.1:5060';
const BOB = '192.0.2.2:5060';

/** `> INVITE 1` is a request of the caller, `< 200 1 INVITE desk` a response to it with a To tag; `at` in seconds. */
function message(at: number, text: string): Datagram {
  const [arrow, what, cseq, ...rest] = text.split(' ');
  const isRequest = /^[A-Z]+$/.test(what);
  const [method, tag = ''] = isRequest ? [what, rest[0]] : rest;
  const to = `To: <sip:bob@example.com>${tag === '' ? '' : `;tag=${tag}`}`;
  const lines = [
    isRequest ? `${what} sip:bob@example.com SIP/2.0` : `SIP/2.0 ${what} Reason`,
    `Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-${cseq}-${method}-${tag}`,
    'From: <sip:alice@example.com>;tag=alice',
    to,
    'Call-ID: one@example.com',
    `CSeq: ${cseq} ${method}`,
    'Content-Length: 0',
  ];
  const [from, target] = arrow === '>' ? [ALICE, BOB] : [BOB, ALICE];
  return { seconds: at, from, to: target, payload: `${lines.join('\r\n')}\r\n\r\n` };
}

async function callOf(...messages: [number, string][]): Promise<CallRow> {
  const capture = await readMemory(udpPcap(messages.map(([at, text]) => message(at, text))));
  const rows = [...callRows(capture, { all: true })];
  expect(rows).toHaveLength(1);
  return rows[0];
}

it('a call that two phones answered goes on until the second dialog ends (RFC 3261 13.2.2.4)', async () => {
  const call = await callOf(
    [0, '> INVITE 1'],
    [1, '< 200 1 INVITE cell'],
    [1.1, '< 200 1 INVITE desk'],
    [1.2, '> BYE 2 desk'],
    [1.3, '< 200 2 BYE desk'],
  );
  expect(call.state).toBe('established');
  expect(call.durationSeconds).toBeNull();
  expect(call.endedBy).toBeNull();
  expect(call.dialogs).toEqual([
    { toTag: 'cell', state: 'confirmed' },
    { toTag: 'desk', state: 'terminated' },
  ]);
});

it('its duration is that of the dialog that lasted', async () => {
  const call = await callOf(
    [0, '> INVITE 1'],
    [1, '< 200 1 INVITE cell'],
    [1.1, '< 200 1 INVITE desk'],
    [1.2, '> BYE 2 desk'],
    [5, '> BYE 2 cell'],
  );
  expect(call.state).toBe('completed');
  expect(call.durationSeconds).toBeCloseTo(4, 6);
  expect(call.endedBy).toBe('caller');
});

it('a challenge is no dialog, even where the answer has the same tag', async () => {
  const call = await callOf(
    [0, '> INVITE 1'],
    [0.1, '< 407 1 INVITE bob'],
    [0.2, '> INVITE 2'],
    [0.3, '< 200 2 INVITE bob'],
  );
  expect(call.dialogs).toEqual([{ toTag: 'bob', state: 'confirmed' }]);
  const other = await callOf(
    [0, '> INVITE 1'],
    [0.1, '< 401 1 INVITE proxy'],
    [0.2, '> INVITE 2'],
    [0.3, '< 180 2 INVITE bob'],
  );
  expect(other.dialogs).toEqual([{ toTag: 'bob', state: 'early' }]);
  expect(other.state).toBe('ringing');
});

it('an INVITE sent for the last time at 31.5 s was never answered', async () => {
  const times = [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5];
  const call = await callOf(...times.map((at): [number, string] => [at, '> INVITE 1']));
  expect(call.state).toBe('timedOut');
  expect(call.messages.filter((m) => m.retransmission)).toHaveLength(6);
  const early = await callOf(...times.slice(0, 6).map((at): [number, string] => [at, '> INVITE 1']));
  expect(early.state).toBe('trying');
});
