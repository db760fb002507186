/** ICE over the channel the window has, on a call of Chromium with an ICE-lite server. Packet numbers are tshark's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { LadderMessage } from '../../shared/ladder.ts';
import { OWN_CAPTURES } from '../../test/integration/capture-files.ts';
import { openWindow, type TestWindow } from '../../test/integration/service-window.ts';

const CAPTURE = 'webrtc-chromium.pcapng';
/** `tshark -Y stun`, `tshark -Y dtls`; 19 continues the ClientHello of 18, 295 answers the alert of 294. */
const STUN = [16, 17, 28, 29, 36, 37, 151, 152, 263, 264];
const DTLS = [18, 19, 20, 21, 22, 294, 295];

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const made of windows.splice(0)) await made.close();
});

async function opened(name: string): Promise<TestWindow> {
  const made = openWindow();
  windows.push(made);
  await made.open(join(OWN_CAPTURES, name));
  return made;
}

const packetsOf = async (view: TestWindow, filter: string): Promise<number[]> =>
  (await view.page('packets', { filter, count: 1000 })).rows.map(({ packet }) => packet);

describe('the lists', () => {
  test('a session as the grid shows it', async () => {
    const view = await opened(CAPTURE);
    const { rows, total } = await view.page('sessions');
    expect(total).toBe(1);
    expect(rows[0]).toMatchObject({
      id: 'i1',
      kind: 'ice-session',
      outcome: 'ok',
      client: '10.77.0.1:59039',
      peer: '10.77.0.2:7000',
      role: 'controlling',
      pairs: 1,
      call: 'c1',
      callNumber: 1,
      packetCount: STUN.length + DTLS.length,
    });
    expect((await view.page('allocations')).total).toBe(0);
  });

  test.each([
    ['ip.addr == 10.77.0.2 && stun', 1],
    ['dtls', 1],
    ['sip', 0],
    ['ice.id == 1', 1],
    ['ice.id == 2', 0],
  ])('with the filter %s there are %i', async (filter, count) => {
    const view = await opened(CAPTURE);
    expect((await view.page('sessions', { filter })).total).toBe(count);
  });

  test('a session belongs to the call that set it up', async () => {
    const view = await opened(CAPTURE);
    expect((await view.page('sessions', { call: 'c1' })).total).toBe(1);
    expect((await view.page('sessions', { call: 'c2' })).total).toBe(0);
  });

  test('they can be sorted by every column', async () => {
    const view = await opened(CAPTURE);
    for (const by of ['outcome', 'number', 'client', 'peer', 'startTime', 'role', 'pairs', 'verdict', 'callNumber']) {
      const { rows } = await view.page('sessions', { sort: { by, descending: true } });
      expect(rows.map(({ id }) => id)).toEqual(['i1']);
    }
  });

  test('a capture without ICE has none, and the overview says nothing of it', async () => {
    const view = await opened('sample.pcap');
    const { counts, ice } = await view.engine.call('overview.get', {});
    expect(counts).toMatchObject({ sessions: 0, allocations: 0 });
    expect(ice).toEqual([]);
    expect((await view.page('sessions')).total).toBe(0);
  });
});

describe('one of them', () => {
  test('is answered whole', async () => {
    const view = await opened(CAPTURE);
    const { session, allocations, packetCount } = await view.engine.call('ice.get', { id: 'i1' });
    expect(packetCount).toBe(STUN.length + DTLS.length);
    expect(allocations).toEqual([]);
    expect(session?.pairs[0].packets).toEqual(STUN);
    const { ice } = await view.engine.call('overview.get', {});
    expect(ice.map(({ id, verdict }) => [id, verdict])).toEqual([['i1', session?.verdict]]);
  });

  test.each(['i2', 't1', 'i', '', 'c1'])('%s is not there', async (id) => {
    const view = await opened(CAPTURE);
    await expect(view.engine.call('ice.get', { id })).rejects.toMatchObject({ code: 'not-found' });
    await expect(view.engine.call('ice.ladder', { id })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('its packets', () => {
  test('are those a filter picks', async () => {
    const view = await opened(CAPTURE);
    const all = [...STUN, ...DTLS].toSorted((a, b) => a - b);
    expect(await packetsOf(view, 'ice.id == 1')).toEqual(all);
    expect(await packetsOf(view, 'ice.id == 1 && stun')).toEqual(STUN);
    expect(await packetsOf(view, 'ice.id != 1')).toEqual([]);
    expect(await packetsOf(view, 'turn.id == 1')).toEqual([]);
    const { items } = await view.engine.call('filter.complete', { filter: 'ice.id == ', cursor: 10, table: 'packets' });
    expect(items.map(({ text }) => text)).toEqual(['1']);
  });

  test('are the ladder, media as bands', async () => {
    const view = await opened(CAPTURE);
    const { rows, hosts } = await view.engine.call('ice.ladder', { id: 'i1' });
    const messages = rows.filter((row): row is LadderMessage => row.kind === 'message');
    expect(messages.map(({ packet }) => packet)).toEqual([...STUN, ...DTLS].toSorted((a, b) => a - b));
    expect(messages.slice(0, 8).map(({ label }) => label)).toEqual([
      'Binding request',
      'Binding success',
      'Client Hello',
      'Client Hello, continued',
      'Server Hello, Certificate, Server Key Exchange',
      'Certificate, Client Key Exchange, Certificate Verify',
      'Change Cipher Spec, Finished',
      'Binding request USE-CANDIDATE',
    ]);
    expect(messages[1]).toMatchObject({ status: 200, hint: '10.77.0.1:59039' });
    expect(rows.flatMap((row) => (row.kind === 'media' ? [`${row.side} ${row.packets}`] : []))).toEqual([
      'A 128',
      'B 128',
    ]);
    expect(hosts.map(({ ip, name }) => `${ip} ${name}`)).toEqual(['10.77.0.1 local', '10.77.0.2 remote']);
  });
});

describe('TURN alone', () => {
  /** What the script that made the capture read of it, packet by packet. */
  const facts = JSON.parse(readFileSync(join(OWN_CAPTURES, 'turn-channels.json'), 'utf8')) as {
    messages: { packet: number; from: string; to: string }[];
  };
  const CLIENT = '10.77.0.1:37516';
  const own = [
    ...new Set(facts.messages.filter(({ from, to }) => from === CLIENT || to === CLIENT).map(({ packet }) => packet)),
  ];

  test('an allocation stands among the sessions too, with its packets', async () => {
    const view = await opened('turn-channels.pcap');
    const { rows } = await view.page('allocations');
    const row = rows.find(({ client }) => client === CLIENT);
    expect(row).toMatchObject({
      id: 't3',
      server: '10.77.0.3:40001',
      relayedAddress: '10.77.0.3:58370',
      session: null,
    });
    const entries = (await view.page('sessions')).rows;
    expect(entries.map(({ id, role }) => [id, role])).toEqual([
      ['t1', null],
      ['t2', null],
      ['t3', null],
    ]);
    expect(await packetsOf(view, 'turn.id == 3')).toEqual(own);
    expect(entries[2].packetCount).toBe(own.length);
    expect(await packetsOf(view, 'ice.id == 1')).toEqual([]);
    expect((await view.page('allocations', { filter: 'udp.port == 37516' })).rows.map(({ id }) => id)).toEqual(['t3']);
  });

  test('its ladder has each request, and counts what was relayed', async () => {
    const view = await opened('turn-channels.pcap');
    const { rows, hosts, callId } = await view.engine.call('ice.ladder', { id: 't3' });
    expect(callId).toBe('TURN allocation 3');
    expect(hosts.map(({ name }) => name)).toEqual(['client', 'TURN server']);
    const labels = rows.map(({ label }) => label);
    expect(labels.slice(0, 4)).toEqual([
      'Allocate request',
      '401 Unauthorized (Allocate)',
      'Allocate request',
      'Allocate success',
    ]);
    expect(labels.slice(-4)).toEqual([
      'ChannelData 0x71b7 × 5',
      'ChannelData 0x71b7 × 5',
      'Refresh request',
      'Refresh success',
    ]);
  });
});

describe('a session through a relay', () => {
  test('has the packets of its allocation too', async () => {
    const view = await opened('ice-relay.pcap');
    const { session, allocations } = await view.engine.call('ice.get', { id: 'i1' });
    expect(session?.allocations).toEqual(['t1']);
    expect(allocations.map(({ id, session: of }) => [id, of])).toEqual([['t1', 'i1']]);
    expect((await view.page('sessions')).rows.map(({ id }) => id)).toEqual(['i1']);
    const ofSession = await packetsOf(view, 'ice.id == 1');
    for (const packet of await packetsOf(view, 'turn.id == 1')) expect(ofSession).toContain(packet);
    const { rows, hosts } = await view.engine.call('ice.ladder', { id: 'i1' });
    const check = rows.find(({ label }) => label === 'Binding request USE-CANDIDATE') as LadderMessage;
    expect(check).toMatchObject({ packet: 8, hint: 'relayed to 10.77.0.2:55532', src: '10.77.0.1:50606' });
    expect(hosts.map(({ name }) => name)).toEqual(['local', 'TURN server']);
  });
});

describe('checks that go on and on', () => {
  test('have a row each at first, the others are counted', async () => {
    const view = await opened('ice-blocked.pcap');
    const { session } = await view.engine.call('ice.get', { id: 'i1' });
    const { rows } = await view.engine.call('ice.ladder', { id: 'i1' });
    const labels = rows.map(({ label }) => label);
    expect(labels.slice(0, 2)).toEqual(['Binding request', 'Binding request']);
    const counts = labels.flatMap((label) => Number(/ × (\d+)$/.exec(label)?.[1] ?? 1));
    expect(rows).toHaveLength(6);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(session?.pairs[0].requests);
    for (const row of rows as LadderMessage[]) {
      if (row.label.includes('×')) expect(row.hint).toMatch(/^none answered, until \d+\.\d s$/);
    }
  });
});
