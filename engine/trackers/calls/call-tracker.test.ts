import { describe, expect, it } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { CallRow } from '../../../shared/api.ts';
import { captureOf, type TestDatagram } from '../../pass/test-capture.ts';
import { callRows } from '../../query/call-rows.ts';

const CALLER = '10.0.0.1:5060';
const CALLEE = '10.0.0.2:5060';

interface Message {
  readonly at?: number;
  /** From the callee: requests it sends, responses to the caller. */
  readonly back?: boolean;
  readonly cseq?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly branch?: string;
}

function party(name: string, tag: string): string {
  return `<sip:${name}@host>${tag === '' ? '' : `;tag=${tag}`}`;
}

/** `INVITE` or `180 Ringing`: a whole message of the call `one@host` from alice to bob. */
function sip(start: string, message: Message = {}): TestDatagram {
  const status = /^\d/.test(start);
  const method = status ? 'INVITE' : start;
  const { cseq = `1 ${method}`, back = status } = message;
  const { fromTag = 'a', toTag = '', callId = 'one@host' } = message;
  // A request of the callee has the parties the other way round.
  const isCallees = back && !status;
  const lines = [
    status ? `SIP/2.0 ${start}` : `${start} sip:x@host SIP/2.0`,
    `Via: SIP/2.0/UDP host;branch=z9hG4bK${message.branch ?? cseq.replace(/ (ACK|CANCEL)$/, ' INVITE').replace(' ', '')}`,
    `From: ${party(isCallees ? 'bob' : 'alice', fromTag)}`,
    `To: ${party(isCallees ? 'alice' : 'bob', toTag)}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq}`,
    'Content-Length: 0',
  ];
  const payload = `${lines.join('\r\n')}\r\n\r\n`;
  return { at: message.at ?? -1, from: back ? CALLEE : CALLER, to: back ? CALLER : CALLEE, payload };
}

/** The rows of a capture of these messages, a second apart where they do not say. */
async function rowsOf(messages: readonly TestDatagram[], options = { all: true }): Promise<CallRow[]> {
  const timed = messages.map((message, i) => (message.at < 0 ? { ...message, at: i } : message));
  return [...callRows(await captureOf(timed, builtIns), options)];
}

async function one(...messages: readonly TestDatagram[]): Promise<CallRow> {
  const rows = await rowsOf(messages);
  expect(rows.length).toBe(1);
  return rows[0];
}

/** Something else in the capture, `at` seconds after its start. */
function later(at: number): TestDatagram {
  return { at, from: '10.0.0.9:9', to: '10.0.0.8:9', payload: 'x' };
}

const invite = sip('INVITE');
const ringing = sip('180 Ringing', { cseq: '1 INVITE', toTag: 'b' });
const ok = sip('200 OK', { cseq: '1 INVITE', toTag: 'b' });
const ack = sip('ACK', { toTag: 'b' });
const bye = sip('BYE', { cseq: '2 BYE', toTag: 'b' });
const byeOk = sip('200 OK', { cseq: '2 BYE', toTag: 'b' });

describe('the state of a call', () => {
  it('trying: the INVITE, or 100 only', async () => {
    expect((await one(invite)).state).toBe('trying');
    expect((await one(invite, sip('100 Trying', { cseq: '1 INVITE' }))).state).toBe('trying');
    expect((await one(invite, sip('100 Trying', { cseq: '1 INVITE' }), later(100))).state).toBe('trying');
  });

  it('ringing', async () => {
    const row = await one(invite, ringing, later(100));
    expect([row.state, row.finalStatus, row.endTime]).toEqual(['ringing', null, null]);
    expect((row.ringTime ?? 0) - row.startTime).toBe(1);
  });

  it('established', async () => {
    const row = await one(invite, ringing, ok, ack);
    expect([row.state, row.finalStatus, row.reason, row.setupSeconds]).toEqual(['established', 200, 'OK', 2]);
    expect([row.durationSeconds, row.endedBy]).toEqual([null, null]);
  });

  it('completed, by the caller', async () => {
    const row = await one(invite, ringing, ok, ack, bye, byeOk);
    expect([row.state, row.endedBy, row.durationSeconds, row.finalStatus]).toEqual(['completed', 'caller', 2, 200]);
    expect([row.from.uri, row.from.tag, row.to.uri, row.to.tag]).toEqual(['sip:alice@host', 'a', 'sip:bob@host', 'b']);
  });

  it('completed, by the callee: its BYE has the tags the other way round', async () => {
    const back = sip('BYE', { cseq: '1 BYE', fromTag: 'b', toTag: 'a', back: true });
    const row = await one(invite, ok, ack, back);
    expect([row.state, row.endedBy, row.from.uri]).toEqual(['completed', 'callee', 'sip:alice@host']);
  });

  it('cancelled', async () => {
    const cancel = sip('CANCEL');
    const cancelOk = sip('200 OK', { cseq: '1 CANCEL', toTag: 'b' });
    const terminated = sip('487 Request Terminated', { cseq: '1 INVITE', toTag: 'b' });
    const row = await one(invite, ringing, cancel, cancelOk, terminated, sip('ACK', { toTag: 'b' }));
    expect([row.state, row.finalStatus, row.durationSeconds]).toEqual(['cancelled', 487, null]);
    expect((await one(invite, ringing, cancel)).state).toBe('cancelled');
    expect((await one(invite, terminated)).state).toBe('cancelled');
  });

  it('a CANCEL that comes too late cancels nothing', async () => {
    expect((await one(invite, ok, sip('CANCEL'), ack)).state).toBe('established');
  });

  it.each([
    ['486 Busy Here', 'rejected'],
    ['404 Not Found', 'rejected'],
    ['603 Decline', 'rejected'],
    ['302 Moved Temporarily', 'rejected'],
    ['407 Proxy Authentication Required', 'rejected'],
    ['500 Server Internal Error', 'failed'],
    ['503 Service Unavailable', 'failed'],
    ['408 Request Timeout', 'timedOut'],
  ])('%s: %s', async (answer, state) => {
    const row = await one(invite, sip(answer, { cseq: '1 INVITE', toTag: 'b' }), sip('ACK', { toTag: 'b' }));
    expect([row.state, `${row.finalStatus} ${row.reason}`]).toEqual([state, answer]);
    expect((row.endTime ?? 0) - row.startTime).toBe(1);
  });

  it('timedOut: nothing comes back for 64 × T1', async () => {
    expect((await one(invite, later(33))).state).toBe('timedOut');
    expect((await one(invite, later(20))).state).toBe('trying');
  });

  it('incomplete: the capture began in the middle', async () => {
    const row = await one(bye, byeOk);
    expect([row.state, row.method, row.startTime > 0]).toEqual(['incomplete', 'BYE', true]);
  });

  it('a BYE alone does not tell who called', async () => {
    const back = sip('BYE', { cseq: '1 BYE', fromTag: 'b', toTag: 'a', back: true });
    const row = await one(back);
    // As the message has them: it was bob who hung up.
    expect([row.endedBy, row.from.uri, row.from.tag, row.to.uri]).toEqual([
      null,
      'sip:bob@host',
      'b',
      'sip:alice@host',
    ]);
    expect((await one(bye, byeOk)).endedBy).toBeNull();
    expect((await one(ok, ack, bye)).endedBy).toBe('caller');
  });

  it('the answer to a re-INVITE whose call the capture does not show sets nothing up', async () => {
    const row = await one(
      sip('INVITE', { cseq: '7 INVITE', fromTag: 'b', toTag: 'a', back: true }),
      sip('200 OK', { cseq: '7 INVITE', fromTag: 'b', toTag: 'a', back: false }),
      sip('BYE', { cseq: '2 BYE', toTag: 'b' }),
    );
    expect([row.state, row.answerTime, row.durationSeconds, row.endedBy]).toEqual(['incomplete', null, null, null]);
    expect([row.method, row.from.tag]).toEqual(['INVITE', 'b']);
  });

  it('an answer without its INVITE is an answer', async () => {
    const row = await one(ok, ack, bye);
    expect([row.state, row.setupSeconds, row.durationSeconds, row.method]).toEqual(['completed', null, 2, 'INVITE']);
  });
});

describe('attempts and dialogs', () => {
  it('a challenge answered with credentials is history', async () => {
    const again = { cseq: '2 INVITE' };
    const row = await one(
      invite,
      sip('401 Unauthorized', { cseq: '1 INVITE', toTag: 'x' }),
      sip('ACK', { toTag: 'x' }),
      sip('INVITE', again),
      sip('180 Ringing', { ...again, toTag: 'b' }),
      sip('200 OK', { ...again, toTag: 'b' }),
    );
    expect([row.state, row.finalStatus, row.to.tag, row.setupSeconds]).toEqual(['established', 200, 'b', 5]);
    expect(row.dialogs).toEqual([{ toTag: 'b', state: 'confirmed' }]);
  });

  it('a re-INVITE that is refused leaves the call as it was', async () => {
    const row = await one(
      invite,
      ok,
      ack,
      sip('INVITE', { cseq: '2 INVITE', toTag: 'b' }),
      sip('488 Not Acceptable Here', { cseq: '2 INVITE', toTag: 'b' }),
    );
    expect([row.state, row.finalStatus]).toEqual(['established', 200]);
  });

  it('a forked call keeps every dialog', async () => {
    const other = sip('180 Ringing', { cseq: '1 INVITE', toTag: 'c' });
    const row = await one(invite, other, ringing, ok, ack);
    expect(row.dialogs).toEqual([
      { toTag: 'c', state: 'terminated' },
      { toTag: 'b', state: 'confirmed' },
    ]);
    expect(row.to.tag).toBe('b');
  });

  it('a second answer that is hung up at once does not end the call', async () => {
    const second = sip('200 OK', { cseq: '1 INVITE', toTag: 'c' });
    const row = await one(
      invite,
      ok,
      second,
      ack,
      sip('ACK', { toTag: 'c' }),
      sip('BYE', { cseq: '2 BYE', toTag: 'c' }),
    );
    expect([row.state, row.durationSeconds]).toEqual(['established', null]);
  });
});

describe('what is sent again', () => {
  it('is a retransmission, and the same packet twice in the capture is not', async () => {
    const row = await one(
      { ...invite, at: 0 },
      { ...invite, at: 0.0001 },
      { ...invite, at: 0.5 },
      { ...ok, at: 1 },
      { ...ok, at: 1.5 },
      { ...ack, at: 2 },
    );
    expect(row.messages.map(({ retransmission, capturedTwice = false }) => [retransmission, capturedTwice])).toEqual([
      [false, false],
      [false, true],
      [true, false],
      [false, false],
      [true, false],
      [false, false],
    ]);
  });

  it('the next request of a dialog is none', async () => {
    const row = await one(invite, ok, ack, bye, sip('BYE', { cseq: '3 BYE', toTag: 'b' }));
    expect(row.messages.some(({ retransmission }) => retransmission)).toBe(false);
  });

  it('a CANCEL and an ACK that share the branch of their INVITE are messages of their own', async () => {
    const row = await one(
      invite,
      sip('CANCEL'),
      sip('487 Request Terminated', { cseq: '1 INVITE', toTag: 'b' }),
      sip('ACK', { toTag: 'b' }),
    );
    expect(row.messages.some(({ retransmission }) => retransmission)).toBe(false);
  });
});

describe('what is no call', () => {
  const register = sip('REGISTER', { callId: 'two@host' });
  const answer = (status: string, at = -1): TestDatagram =>
    sip(status, { callId: 'two@host', cseq: '1 REGISTER', toTag: 'r', at });

  it.each([
    ['200 OK', 'completed'],
    ['403 Forbidden', 'rejected'],
    ['500 Server Internal Error', 'failed'],
    ['408 Request Timeout', 'timedOut'],
  ])('a registration answered with %s is %s', async (status, state) => {
    const row = await one(register, answer(status));
    expect([row.method, row.state, `${row.finalStatus} ${row.reason}`]).toEqual(['REGISTER', state, status]);
  });

  it('the newest final response counts, with its own phrase', async () => {
    const challenge = answer('401 Unauthorized');
    const again = sip('REGISTER', { callId: 'two@host', cseq: '2 REGISTER' });
    const welcome = sip('200 Welcome', { callId: 'two@host', cseq: '2 REGISTER', toTag: 'r' });
    const row = await one(register, challenge, again, welcome);
    expect([row.finalStatus, row.reason]).toEqual([200, 'Welcome']);
    expect((await one(register)).reason).toBeNull();
  });

  it('an exchange nobody answered times out', async () => {
    expect((await one(register, later(40))).state).toBe('timedOut');
    expect((await one(register, later(5))).state).toBe('trying');
  });

  it('is shown only where all is asked for, and keeps its number', async () => {
    const messages = [register, invite, answer('200 OK')];
    expect((await rowsOf(messages)).map(({ id, method }) => `${id} ${method}`)).toEqual(['c1 REGISTER', 'c2 INVITE']);
    expect((await rowsOf(messages, { all: false })).map(({ id }) => id)).toEqual(['c2']);
  });
});
