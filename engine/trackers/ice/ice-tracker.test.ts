import { describe, expect, it } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { IceSessionRow } from '../../../shared/ice.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../../pass/test-capture.ts';
import { iceRows } from '../../query/ice/ice-rows.ts';
import { answered, check } from './test-checks.ts';

const A = '192.168.1.2:5000';
const B = '192.168.1.3:6000';
/** Sent by A, whose ufrag is `aaaa`, to B. */
const TO_B = 'bbbb:aaaa';
const TO_A = 'aaaa:bbbb';

async function rowsOf(datagrams: readonly TestDatagram[]): Promise<IceSessionRow[]> {
  return iceRows(
    await captureOf(
      datagrams.toSorted((a, b) => a.at - b.at),
      builtIns,
    ),
  );
}

async function onlyRow(datagrams: readonly TestDatagram[]): Promise<IceSessionRow> {
  const rows = await rowsOf(datagrams);
  expect(rows).toHaveLength(1);
  return rows[0];
}

/** `0.000 ice 0 checking`: seconds from the session's start, transport, new state. */
function timeline({ states, startTime }: IceSessionRow, transport = 'ice 0'): string[] {
  return states
    .filter((change) => change.transport === transport)
    .map(({ time, to, from }) => `${(time - startTime).toFixed(2)} ${from} → ${to}`);
}

/** Both sides check, A nominates at 0.1. */
function connects(username = TO_B, back = TO_A, at = 0, id = 1): TestDatagram[] {
  return [
    ...answered({ at, from: A, to: B, id, username, role: 'controlling' }),
    ...answered({ at: at + 0.02, from: B, to: A, id: id + 1, username: back, role: 'controlled' }),
    ...answered({ at: at + 0.1, from: A, to: B, id: id + 2, username, role: 'controlling', useCandidate: true }),
  ];
}

describe('a session that comes up', () => {
  it('has roles, the pair, its checks of both sides and the time to the nomination', async () => {
    const row = await onlyRow(connects());
    expect(row).toMatchObject({
      outcome: 'ok',
      verdict: 'Connected after 0.110 s',
      local: { ufrag: 'aaaa', address: A, isLite: false },
      remote: { ufrag: 'bbbb', address: B, isLite: false },
      roles: { local: 'controlling', remote: 'controlled' },
      selected: { local: A, remote: B, localType: null, remoteType: null, packet: 6 },
      restarts: [],
      packetCount: 6,
      call: null,
    });
    expect(row.pairs).toHaveLength(1);
    expect(row.pairs[0]).toMatchObject({ state: 'succeeded', nominated: true, requests: 3, responses: 3, errors: 0 });
    expect(row.pairs[0].roundTripMs).toBeCloseTo(10, 3);
    expect(timeline(row)).toEqual(['0.00 new → checking', '0.01 checking → connected']);
  });

  it('counts a retransmission as sent, and a packet that was captured twice once', async () => {
    const again = { from: A, to: B, id: 1, username: TO_B, role: 'controlling', kind: 'request' } as const;
    const row = await onlyRow([
      check({ ...again, at: -0.5 + 1 }),
      check({ ...again, at: 1 }),
      ...connects(TO_B, TO_A, 1.5, 1),
      check({ ...again, at: 1.505 }),
    ]);
    // Twice before, once in connects (the same transaction), and two more there.
    expect(row.pairs[0].requests).toBe(5);
    expect(row.pairs[0].responses).toBe(3);
  });

  it('is one pair where the capture sees it before and behind a NAT', async () => {
    const inside = '192.168.1.2:5000';
    const outside = '203.0.113.7:40000';
    const far = '198.51.100.9:7000';
    const datagrams: TestDatagram[] = [];
    for (const [id, useCandidate] of [
      [1, false],
      [2, true],
    ] as const) {
      const request = { id, kind: 'request', username: TO_B, role: 'controlling', useCandidate } as const;
      const answer = { id, kind: 'success', mapped: outside } as const;
      datagrams.push(check({ ...request, at: id, from: inside, to: far }));
      datagrams.push(check({ ...request, at: id + 0.001, from: outside, to: far }));
      datagrams.push(check({ ...answer, at: id + 0.03, from: far, to: outside }));
      datagrams.push(check({ ...answer, at: id + 0.031, from: far, to: inside }));
    }
    const row = await onlyRow(datagrams);
    expect(row.pairs).toHaveLength(1);
    expect(row.pairs[0]).toMatchObject({ local: inside, remote: far, localType: 'prflx', requests: 2, responses: 2 });
    expect(row.pairs[0].roundTripMs).toBeCloseTo(31, 3);
    expect(row.candidates).toContainEqual(
      expect.objectContaining({ side: 'local', type: 'prflx', address: outside, related: inside }),
    );
    expect(row.outcome).toBe('ok');
  });
});

describe('a session that does not come up', () => {
  it('names a role conflict that nobody resolves', async () => {
    const datagrams = [1, 2, 3].flatMap((id) => [
      check({ at: id, from: A, to: B, id, kind: 'request', username: TO_B, role: 'controlling' }),
      check({ at: id + 0.01, from: B, to: A, id, kind: 487 }),
    ]);
    const row = await onlyRow(datagrams);
    expect(row).toMatchObject({ outcome: 'failed', verdict: 'Role conflict is not resolved (487)', evidence: [2] });
    expect(row.pairs[0]).toMatchObject({ state: 'failed', why: '487 Role Conflict', errors: 3, responses: 0 });
  });

  it('lets a role conflict pass that was resolved, and tells it', async () => {
    const row = await onlyRow([
      check({ at: 0, from: B, to: A, id: 91, kind: 'request', username: TO_A, role: 'controlling' }),
      check({ at: 0.01, from: A, to: B, id: 91, kind: 487 }),
      ...connects(TO_B, TO_A, 0.05),
    ]);
    expect(row.outcome).toBe('ok');
    expect(row.explanation).toContain('role conflict (487) was resolved');
    expect(row.pairs[0].errors).toBe(1);
  });

  it('names a symmetric NAT by the address that answers', async () => {
    const datagrams = [1, 2, 3].flatMap((id) => [
      check({ at: id, from: A, to: B, id, kind: 'request', username: TO_B, role: 'controlling' }),
      check({ at: id + 0.01, from: '192.168.1.3:6001', to: A, id, kind: 'success' }),
    ]);
    const row = await onlyRow(datagrams);
    expect(row).toMatchObject({ outcome: 'failed', verdict: 'Answers come from another address' });
    expect(row.pairs[0]).toMatchObject({ state: 'failed', why: 'answered from 192.168.1.3:6001: symmetric NAT' });
  });

  it('says which direction is blocked', async () => {
    const datagrams = [1, 2, 3, 4, 5, 6].flatMap((id) => [
      check({ at: id, from: A, to: B, id, kind: 'request', username: TO_B, role: 'controlling' }),
      ...answered({ at: id + 0.5, from: B, to: A, id: id + 50, username: TO_A, role: 'controlled' }),
    ]);
    const row = await onlyRow(datagrams);
    expect(row).toMatchObject({ outcome: 'failed', verdict: 'Checks arrive one way only' });
    expect(row.advice).toBe(`Look for a filter on the way from ${A} to ${B}.`);
    expect(row.pairs[0].why).toBe(`checks of ${B} arrive, those of ${A} are not answered`);
    expect(timeline(row)).toEqual(['0.00 new → checking']);
  });

  it('fails 15 seconds after the newest pair was checked first', async () => {
    const other = '192.168.1.3:6002';
    const datagrams: TestDatagram[] = [];
    for (let at = 0; at < 20; at += 2) {
      const request = { from: A, kind: 'request', username: TO_B, role: 'controlling' } as const;
      datagrams.push(check({ ...request, at, to: B, id: at }));
      if (at >= 2) datagrams.push(check({ ...request, at: at + 1, to: other, id: at + 100 }));
    }
    const row = await onlyRow(datagrams);
    expect(row).toMatchObject({ outcome: 'failed', verdict: `No check of ${A} was answered` });
    expect(row.pairs.map(({ state, why }) => [state, why])).toEqual([
      ['failed', 'no answer'],
      ['failed', 'no answer'],
    ]);
    expect(timeline(row)).toEqual(['0.00 new → checking', '18.00 checking → failed']);
  });

  it('says nothing where the capture ends too early', async () => {
    const row = await onlyRow([
      check({ at: 0, from: A, to: B, id: 1, kind: 'request', username: TO_B, role: 'controlling' }),
      check({ at: 0.05, from: A, to: B, id: 2, kind: 'request', username: TO_B, role: 'controlling' }),
    ]);
    expect(row).toMatchObject({ outcome: 'incomplete', verdict: 'Incomplete: capture ends during the checks' });
    expect(row.pairs[0].state).toBe('in-progress');
  });
});

describe('a session that goes on', () => {
  /** Consent checks of A from `from` to `to`, every 2.5 s. */
  function consent(from: number, to: number, isAnswered: boolean): TestDatagram[] {
    const datagrams: TestDatagram[] = [];
    for (let at = from; at < to; at += 2.5) {
      const fields = { at, from: A, to: B, id: 1000 + at * 10, username: TO_B, role: 'controlling' } as const;
      datagrams.push(...(isAnswered ? answered(fields) : [check({ ...fields, kind: 'request' })]));
    }
    return datagrams;
  }

  it('loses consent: disconnected, then failed', async () => {
    const row = await onlyRow([...connects(), ...consent(2.5, 11, true), ...consent(12.5, 40, false)]);
    expect(row).toMatchObject({ outcome: 'failed', verdict: 'Connection lost after 10.0 s' });
    // Five checks from 12.5 to 22.5 are unanswered; libwebrtc gives up 15 s after the first of them.
    expect(timeline(row)).toEqual([
      '0.00 new → checking',
      '0.01 checking → connected',
      '22.50 connected → disconnected',
      '27.50 disconnected → failed',
    ]);
    expect(timeline(row, 'iceConnectionState').at(-1)).toBe('27.50 disconnected → failed');
    const lost = row.states.find(({ to }) => to === 'disconnected');
    expect(lost?.packet).toBeNull();
  });

  it('comes back', async () => {
    const row = await onlyRow([
      ...connects(),
      ...consent(2.5, 11, true),
      ...consent(12.5, 25, false),
      ...consent(25, 40, true),
    ]);
    expect(row).toMatchObject({ outcome: 'warning', verdict: 'Connection lost for a while' });
    expect(timeline(row).slice(-2)).toEqual(['22.50 connected → disconnected', '25.01 disconnected → connected']);
  });

  it('restarts with new ufrags on the same addresses', async () => {
    const row = await onlyRow([...connects(), ...consent(2.5, 9, true), ...connects('dddd:cccc', 'cccc:dddd', 10, 20)]);
    expect(row.outcome).toBe('ok');
    expect(row.local.ufrag).toBe('aaaa');
    expect(row.restarts).toMatchObject([{ localUfrag: 'cccc', remoteUfrag: 'dddd' }]);
    expect(row.pairs).toHaveLength(2);
    expect(row.explanation).toContain('restarted once');
    expect(row.connectedAfterSeconds).toBeCloseTo(0.11, 6);
  });

  it('that began before the capture is not judged', async () => {
    const media = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => ({
      at: i * 0.02,
      from: A,
      to: B,
      payload: rtpPacket({ ssrc: 7, sequence: i, timestamp: i * 160, payloadType: 8 }),
    }));
    const row = await onlyRow([...media, ...consent(2.5, 11, true)]);
    expect(row).toMatchObject({ outcome: 'incomplete', verdict: 'Incomplete: capture starts after the checks' });
  });
});

it('a lite side answers and sends no checks', async () => {
  const datagrams = [1, 2, 3].flatMap((id) =>
    answered({ at: id, from: A, to: B, id, username: TO_B, role: 'controlling', useCandidate: id > 1 }),
  );
  const row = await onlyRow(datagrams);
  expect(row).toMatchObject({ outcome: 'ok', roles: { local: 'controlling', remote: 'controlled' } });
  expect(row.pairs[0]).toMatchObject({ requests: 3, responses: 3, state: 'succeeded' });
});

it('two sessions between the same server port and two clients stay two', async () => {
  const other = '192.168.1.9:5000';
  const rows = await rowsOf([
    ...connects(),
    ...answered({
      at: 0.5,
      from: other,
      to: B,
      id: 77,
      username: 'bbbb:eeee',
      role: 'controlling',
      useCandidate: true,
    }),
  ]);
  expect(rows.map(({ local, outcome }) => [local.ufrag, outcome])).toEqual([
    ['aaaa', 'ok'],
    ['eeee', 'ok'],
  ]);
});

it('takes time that grows with the rows alone, whatever they say', async () => {
  const datagrams: TestDatagram[] = [];
  for (let i = 0; i < 20_000; i++) {
    datagrams.push(
      check({ at: i / 1000, from: A, to: B, id: 5, kind: i % 2 === 0 ? 'request' : 'success', username: TO_B }),
    );
  }
  const started = performance.now();
  const rows = await rowsOf(datagrams);
  expect(rows).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(5000);
});

describe('a session that SIP describes', () => {
  const description = (ufrag: string, address: string, candidates: string): string =>
    [
      'v=0',
      `o=- 1 1 IN IP4 ${address}`,
      's=-',
      `c=IN IP4 ${address}`,
      't=0 0',
      'm=audio 5000 RTP/AVP 0',
      `a=ice-ufrag:${ufrag}`,
      'a=ice-pwd:0123456789012345678901',
      ...candidates.split('|').map((value) => `a=candidate:${value}`),
      '',
    ].join('\r\n');
  const sip = (first: string, extra: string, type: string, body: string): string =>
    [
      first,
      'Via: SIP/2.0/UDP 192.168.1.2:5060;branch=z9hG4bK1',
      'From: <sip:a@example.org>;tag=a',
      extra,
      'Call-ID: one',
      `Content-Type: ${type}`,
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  const [SIP_A, SIP_B] = ['192.168.1.2:5060', '192.168.1.3:5060'];
  const invite = sip(
    'INVITE sip:b@example.org SIP/2.0',
    'To: <sip:b@example.org>\r\nCSeq: 1 INVITE',
    'application/sdp',
    description(
      'aaaa',
      '192.168.1.2',
      '1 1 udp 2130706431 192.168.1.2 5000 typ host|2 1 udp 9 name-of-a.local 5001 typ host',
    ),
  );
  const answer = sip(
    'SIP/2.0 200 OK',
    'To: <sip:b@example.org>;tag=b\r\nCSeq: 1 INVITE',
    'application/sdp',
    description('bbbb', '192.168.1.3', '1 1 udp 2130706431 192.168.1.3 6000 typ host'),
  );
  const fragment =
    'a=ice-ufrag:aaaa\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:3 1 udp 7 203.0.113.7 5000 typ srflx raddr 192.168.1.2 rport 5000\r\n';
  const info = sip(
    'INFO sip:b@example.org SIP/2.0',
    'To: <sip:b@example.org>;tag=b\r\nCSeq: 2 INFO',
    'application/trickle-ice-sdpfrag',
    fragment,
  );
  const signalling = [
    { at: 0, from: SIP_A, to: SIP_B, payload: invite },
    { at: 0.1, from: SIP_B, to: SIP_A, payload: answer },
    { at: 0.2, from: SIP_A, to: SIP_B, payload: info },
  ];

  it('has its candidates, trickled ones and names too, and its offerer is local whoever checks first', async () => {
    const first = answered({ at: 1, from: B, to: A, id: 90, username: TO_A, role: 'controlled' });
    const named = check({ at: 1.5, from: '192.168.1.2:5001', to: B, id: 91, kind: 'request', username: TO_B });
    const row = await onlyRow([...signalling, ...first, named, ...connects(TO_B, TO_A, 2)]);
    expect(row).toMatchObject({
      call: 'c1',
      local: { ufrag: 'aaaa', address: A },
      remote: { ufrag: 'bbbb', address: B },
    });
    expect(
      row.candidates.map(({ side, type, address, from, related }) => [side, type, address, from, related]),
    ).toEqual([
      ['local', 'host', A, 'sdp', null],
      ['local', 'host', 'name-of-a.local:5001', 'sdp', '192.168.1.2:5001'],
      ['remote', 'host', B, 'sdp', null],
      ['local', 'srflx', '203.0.113.7:5000', 'trickle', A],
    ]);
    expect(row.selected).toMatchObject({ localType: 'host', remoteType: 'host' });
  });

  it('without any check is told, and not judged', async () => {
    const row = await onlyRow(signalling);
    expect(row).toMatchObject({
      outcome: 'incomplete',
      verdict: 'Incomplete: no checks in the capture',
      packetCount: 0,
    });
    expect(row.pairs.map(({ local, remote, state }) => [local, remote, state])).toEqual([[A, B, 'waiting']]);
  });
});
