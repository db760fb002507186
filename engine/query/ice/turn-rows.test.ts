import { expect, test } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { TurnAllocationRow } from '../../../shared/ice.ts';
import type { Capture } from '../../capture.ts';
import { captureOf, TEST_START_SECONDS } from '../../pass/test-capture.ts';
import {
  attribute,
  channelData,
  CLIENT,
  PEER,
  RELAYED,
  SERVER,
  signed,
  stunMessage,
  TurnScript,
  Type,
} from '../../trackers/turn/test-messages.ts';
import type { Finding } from '../problems/finding.ts';
import { turnAllocation } from '../problems/rules-turn.ts';
import { turnAllocationRows } from './turn-rows.ts';

async function captured(...scripts: readonly TurnScript[]): Promise<Capture> {
  const datagrams = scripts.flatMap((script) => script.datagrams).toSorted((a, b) => a.at - b.at);
  return captureOf(datagrams, builtIns);
}

function problemsOf(capture: Capture): Finding[] {
  return capture.turn.allocations.flatMap((allocation) => turnAllocation(capture, allocation));
}

async function rowsOf(...scripts: readonly TurnScript[]): Promise<TurnAllocationRow[]> {
  return turnAllocationRows(await captured(...scripts));
}

async function rowOf(script: TurnScript): Promise<TurnAllocationRow> {
  const rows = await rowsOf(script);
  expect(rows).toHaveLength(1);
  return rows[0];
}

function stepOf(row: TurnAllocationRow, name: string): TurnAllocationRow['steps'][number] {
  const step = row.steps.find((one) => one.step === name);
  if (step === undefined) throw new Error(name);
  return step;
}

/** Something else in the capture, so that it goes on until then. */
function until(at: number): TurnScript {
  const other = new TurnScript();
  other.client = '10.9.9.9:1111';
  other.server = '10.9.9.8:2222';
  return other.out(at, Uint8Array.from([0xff, 0xff]));
}

const wrongPassword = (nonce: string): TurnScript =>
  new TurnScript()
    .challenge(0)
    .ask(0.1, Type.allocateRequest, signed(attribute.transport), Type.allocateError, [
      attribute.error(401, 'Unauthorized'),
      attribute.realm('example.net'),
      attribute.nonce(nonce),
    ]);

test('an allocation that works, from the first request to its release', async () => {
  const script = new TurnScript()
    .ask(0, Type.bindingRequest, [], Type.bindingSuccess, [attribute.mapped('203.0.113.9:50000')])
    .allocate(1)
    .permit(2)
    .talk(3, 12, 0.1, true)
    .refresh(5, 600)
    .refresh(6, 0);
  const row = await rowOf(script);
  expect(row).toMatchObject({
    id: 't1',
    client: CLIENT,
    server: SERVER,
    transport: 'udp',
    outcome: 'ok',
    verdict: 'Relay works, data flow both ways',
    advice: null,
    username: 'anna',
    realm: 'example.net',
    mappedAddress: '203.0.113.9:50000',
    relayedAddress: RELAYED,
    lifetimeSeconds: 600,
    refreshes: 1,
    endedBy: 'released',
    startTime: TEST_START_SECONDS,
    packetCount: 36,
  });
  expect(row.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    'reachability ok',
    'allocate ok',
    'permission ok',
    'connectivity-check not-tried',
    'channel-bind not-tried',
    'media ok',
  ]);
  expect(stepOf(row, 'allocate').parts.map(({ name, outcome, code }) => [name, outcome, code])).toEqual([
    ['without credentials', 'ok', 401],
    ['with credentials', 'ok', null],
    ['refresh', 'ok', null],
    ['release', 'ok', null],
  ]);
  expect(stepOf(row, 'reachability').roundTripMs).toBeCloseTo(20, 3);
  expect(row.peers).toEqual([
    {
      peer: PEER,
      channel: null,
      permittedTime: TEST_START_SECONDS + 2.02,
      expiredTime: null,
      packetsSent: 12,
      bytesSent: 60,
      packetsReceived: 12,
      bytesReceived: 60,
    },
  ]);
});

test.each([
  ['n1', 'same nonce'],
  ['n2', 'new nonce'],
])('a second 401 is wrong credentials: nonce %s', async (nonce, words) => {
  const row = await rowOf(wrongPassword(nonce));
  expect(row).toMatchObject({ outcome: 'failed', verdict: 'Allocate: credentials rejected', evidence: [1, 2, 3, 4] });
  expect(stepOf(row, 'allocate').parts[1]).toMatchObject({
    name: 'with credentials',
    outcome: 'failed',
    code: 401,
    text: `401 again, ${words}: user name or password is wrong`,
    packets: [3, 4],
  });
  expect(stepOf(row, 'permission')).toMatchObject({ outcome: 'not-tried', text: 'Not tried: needs an allocation' });
});

test('says how long a time-limited user name was over', async () => {
  const name = attribute.username(`${TEST_START_SECONDS - 681}:anna`);
  const script = new TurnScript()
    .challenge(0)
    .ask(0.1, Type.allocateRequest, [name, attribute.nonce('n1'), attribute.integrity], Type.allocateError, [
      attribute.error(401),
    ]);
  const row = await rowOf(script);
  expect(row.explanation).toContain('ended at 22:01:59 UTC, 11 min 21 s before the request');
  expect(row.advice).toContain('fresh TURN credentials');
});

test('no answer: how often was asked, and over what time', async () => {
  const request = stunMessage(Type.allocateRequest, 1, attribute.transport);
  const script = new TurnScript();
  for (const at of [0, 0.5, 1.5, 3.5, 7.5]) script.out(at, request);
  const row = await rowOf(script);
  expect(row).toMatchObject({ outcome: 'failed', verdict: 'TURN server does not answer', evidence: [1, 2, 3, 4, 5] });
  expect(row.explanation).toContain('none of 5 requests over 7.500 s');
  expect(stepOf(row, 'reachability').outcome).toBe('missing');
  const problems = problemsOf(await captured(script));
  expect(problems).toMatchObject([{ code: 'turn-no-answer', severity: 'error', packets: [1, 2, 3, 4, 5] }]);
});

test('a request at the end of the capture proves nothing', async () => {
  const row = await rowOf(new TurnScript().out(0, stunMessage(Type.allocateRequest, 1, attribute.transport)));
  expect(row).toMatchObject({ outcome: 'incomplete', verdict: 'Incomplete: capture ends too early' });
});

test('requests that know a nonce which nobody gave them: answers were not captured', async () => {
  const script = new TurnScript();
  for (const at of [0, 0.5, 1.5, 3.5])
    script.out(at, stunMessage(Type.allocateRequest, 1, ...signed(attribute.transport)));
  expect(await rowOf(script)).toMatchObject({
    outcome: 'incomplete',
    verdict: 'Incomplete: answers were not captured',
  });
});

test('an answer from another address', async () => {
  const request = stunMessage(Type.allocateRequest, 1, attribute.transport);
  const answer = stunMessage(Type.allocateError, 1, attribute.error(401), attribute.realm('r'), attribute.nonce('n'));
  const script = new TurnScript();
  for (const at of [0, 0.5, 1.5]) script.out(at, request).in(at + 0.01, answer, '192.0.2.2:3478');
  const row = await rowOf(script);
  expect(row).toMatchObject({ outcome: 'failed', verdict: 'Answer came from another address' });
  expect(row.explanation).toContain('192.0.2.2:3478');
});

test('answers that the client does not get', async () => {
  const request = stunMessage(Type.allocateRequest, 1, attribute.transport);
  const answer = stunMessage(Type.allocateError, 1, attribute.error(401), attribute.realm('r'), attribute.nonce('n'));
  const script = new TurnScript();
  for (const at of [0, 0.5, 1.5, 3.5]) script.out(at, request).in(at + 0.01, answer);
  expect(await rowOf(script)).toMatchObject({ outcome: 'failed', verdict: 'Answers do not reach the client' });
});

test('the client has no credentials to answer the challenge with', async () => {
  const [row] = await rowsOf(new TurnScript().challenge(0), until(5));
  expect(row).toMatchObject({ outcome: 'failed', verdict: 'Allocate: client sent no credentials' });
  expect(await rowOf(new TurnScript().challenge(0))).toMatchObject({ outcome: 'incomplete' });
});

test.each([
  [437, 'Allocate: allocation mismatch'],
  [441, 'Allocate: wrong credentials'],
  [442, 'Allocate: unsupported transport'],
  [486, 'Allocate: quota reached'],
  [508, 'Allocate: no capacity left'],
  [599, 'Allocate: refused with 599'],
])('Allocate refused with %i', async (code, verdict) => {
  const script = new TurnScript()
    .challenge(0)
    .ask(0.1, Type.allocateRequest, signed(attribute.transport), Type.allocateError, [attribute.error(code, 'why')]);
  const row = await rowOf(script);
  expect(row).toMatchObject({ outcome: 'failed', verdict, evidence: [3, 4] });
  expect(row.explanation).toContain(`${code} why`);
  expect(stepOf(row, 'allocate')).toMatchObject({ outcome: 'failed', code });
});

test('one stale nonce is usual, three in a row are not', async () => {
  const stale = (script: TurnScript, at: number): TurnScript =>
    script.ask(at, Type.refreshRequest, signed(attribute.lifetime(600)), Type.refreshError, [
      attribute.error(438, 'Stale nonce'),
      attribute.nonce(`n${at}`),
    ]);
  expect(await rowOf(stale(new TurnScript().allocate(0), 1).refresh(1.1, 600))).toMatchObject({ outcome: 'ok' });
  const loop = await rowOf([1, 2, 3].reduce(stale, new TurnScript().allocate(0)));
  expect(loop).toMatchObject({ outcome: 'failed', verdict: 'Refresh: stale nonce every time' });
  expect(loop.explanation).toContain('did not take the new nonces');
  const saved = await captured([1, 2, 3].reduce(stale, new TurnScript().allocate(0)).refresh(4, 600));
  expect(problemsOf(saved)).toMatchObject([{ code: 'turn-stale-nonce', severity: 'warning' }]);
});

test('sent on to another server, and gone there or not', async () => {
  const sentOn = (): TurnScript =>
    new TurnScript().ask(0, Type.allocateRequest, [attribute.transport], Type.allocateError, [
      attribute.error(300, 'Try Alternate'),
      attribute.alternate('192.0.2.9:3479'),
    ]);
  expect(await rowOf(sentOn())).toMatchObject({ outcome: 'failed', verdict: 'Allocate: sent on, not followed' });
  const there = new TurnScript();
  there.client = '10.0.0.1:50001';
  there.server = '192.0.2.9:3479';
  const rows = await rowsOf(sentOn(), there.allocate(1));
  expect(rows[0]).toMatchObject({ outcome: 'ok', verdict: 'Sent on to another server' });
  expect(rows[0].explanation).toContain('192.0.2.9:3479 (300), and it went there (t2)');
  expect(rows[1]).toMatchObject({ outcome: 'ok', relayedAddress: RELAYED });
});

test('a denied peer fails the allocation only where no other is permitted', async () => {
  const deny = (script: TurnScript): TurnScript =>
    script.ask(2, Type.permissionRequest, signed(attribute.peer('192.168.7.7:5000')), Type.permissionError, [
      attribute.error(403, 'Forbidden'),
    ]);
  const denied = await rowOf(deny(new TurnScript().allocate(0)));
  expect(denied).toMatchObject({ outcome: 'failed', verdict: 'Permission: peer denied' });
  expect(denied.explanation).toContain('the private address 192.168.7.7');
  const other = await rowOf(deny(new TurnScript().allocate(0)).permit(2.5).talk(3, 3, 0.1, true));
  expect(other.outcome).toBe('ok');
  expect(stepOf(other, 'permission')).toMatchObject({ outcome: 'ok', text: 'Granted for 1 of 2 peers' });
});

test('data without a permission, and before it', async () => {
  expect(await rowOf(new TurnScript().allocate(0).talk(1, 2, 0.1, false))).toMatchObject({
    outcome: 'failed',
    verdict: 'Data sent without a permission',
  });
  expect(
    await rowOf(new TurnScript().allocate(0).talk(1, 4, 0.1, false).permit(2).talk(3, 4, 0.1, true)),
  ).toMatchObject({
    outcome: 'warning',
    verdict: 'Data sent before the permission',
  });
});

test('a permission that runs out in mid-call', async () => {
  const script = new TurnScript().allocate(0).permit(1).talk(2, 30, 10, true).talk(305, 6, 5, false).refresh(340, 600);
  const row = await rowOf(script);
  expect(row).toMatchObject({ outcome: 'warning', verdict: 'Permission expired in mid-call' });
  expect(row.explanation).toContain('not refreshed within 300 s, so 6 packets');
  expect(row.peers[0].expiredTime).toBeCloseTo(TEST_START_SECONDS + 301.02, 5);
  // What still comes through shows that a refresh was not captured.
  const goesOn = await rowOf(new TurnScript().allocate(0).permit(1).talk(2, 34, 10, true));
  expect(goesOn).toMatchObject({ outcome: 'ok' });
  expect(goesOn.peers[0].expiredTime).toBeNull();
});

test('an allocation that runs out while data flow, and one refreshed too late', async () => {
  const running = new TurnScript().allocate(0, 60).permit(1).talk(2, 5, 10, true);
  const row = await rowOf(running.talk(70, 4, 1, false));
  expect(row).toMatchObject({ outcome: 'failed', verdict: 'Allocation expired while data flowed', endedBy: 'expired' });
  const late = new TurnScript()
    .allocate(0, 60)
    .ask(80, Type.refreshRequest, signed(attribute.lifetime(60)), Type.refreshError, [
      attribute.error(437, 'Mismatch'),
    ]);
  expect(await rowOf(late)).toMatchObject({ outcome: 'failed', verdict: 'Allocation expired, refreshed too late' });
});

test('one direction silent', async () => {
  const script = new TurnScript().allocate(0).permit(1).talk(2, 30, 0.1, false);
  expect(await rowOf(script)).toMatchObject({ outcome: 'warning', verdict: 'Nothing comes back through relay' });
  expect(stepOf(await rowOf(script), 'media').outcome).toBe('missing');
});

test('a channel: what it carries counts to its peer', async () => {
  const script = new TurnScript()
    .allocate(0)
    .ask(1, Type.channelRequest, signed(attribute.channel(0x4001), attribute.peer(PEER)), Type.channelSuccess, []);
  for (let i = 0; i < 5; i++)
    script.out(2 + i, channelData(0x4001, [1, 2, 3, 4])).in(2.1 + i, channelData(0x4001, [5, 6]));
  const capture = await captured(script);
  const [row] = turnAllocationRows(capture);
  expect(row).toMatchObject({ outcome: 'ok', verdict: 'Relay works, ChannelData flows' });
  expect(row.peers).toMatchObject([
    { peer: PEER, channel: '0x4001', packetsSent: 5, bytesSent: 20, packetsReceived: 5, bytesReceived: 10 },
  ]);
  expect(stepOf(row, 'permission').outcome).toBe('ok');
  const { turn } = capture;
  expect(Array.from({ length: 16 }, (_, i) => turn.allocationOfRow.get(i))).toEqual(
    Array.from({ length: 16 }, () => 1),
  );
});

test('a refused channel beside data that flow is a warning', async () => {
  const script = new TurnScript()
    .allocate(0)
    .permit(1)
    .ask(1.5, Type.channelRequest, signed(attribute.channel(0x4001), attribute.peer(PEER)), Type.channelError, [
      attribute.error(400, 'Bad Request'),
    ])
    .talk(2, 4, 0.1, true);
  expect(await rowOf(script)).toMatchObject({ outcome: 'warning', verdict: 'ChannelBind: bad request' });
});

test('connectivity checks that pass through the relay, and such that do not', async () => {
  const check = [...stunMessage(Type.bindingRequest, 77, attribute.username('a:b'))];
  const answer = [...stunMessage(Type.bindingSuccess, 77, attribute.mapped(RELAYED))];
  const about = (type: number, id: number, data: readonly number[]): Uint8Array =>
    stunMessage(type, id, attribute.peer(PEER), attribute.data(data));
  const asked = new TurnScript().allocate(0).permit(1);
  for (const at of [2, 2.5, 3.5, 5.5]) asked.out(at, about(Type.sendIndication, 900 + at * 10, check));
  const silent = await rowOf(asked);
  expect(silent).toMatchObject({ outcome: 'failed', verdict: 'Connectivity checks: no answer through relay' });
  const heard = await rowOf(asked.in(5.56, about(Type.dataIndication, 950, answer)));
  expect(heard).toMatchObject({ outcome: 'ok', verdict: 'Relay works, checks pass' });
  expect(stepOf(heard, 'connectivity-check')).toMatchObject({ outcome: 'ok', text: '1 of 4 answered' });
  expect(stepOf(heard, 'connectivity-check').roundTripMs).toBeCloseTo(60, 3);
});

test('a capture that starts after the allocation gives no verdict', async () => {
  const row = await rowOf(new TurnScript().permit(0).talk(1, 4, 0.1, true));
  expect(row).toMatchObject({ outcome: 'incomplete', verdict: 'Incomplete: capture starts after the allocation' });
  expect(row.explanation).toContain('data flow both ways');
  const channel = new TurnScript();
  for (let i = 0; i < 5; i++) channel.out(i, channelData(0x4001, [128, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, i, 0, 0, 0]));
  const [only] = await rowsOf(channel);
  expect(only).toMatchObject({ outcome: 'incomplete', client: CLIENT, server: SERVER });
  expect(only.peers).toMatchObject([{ peer: 'unknown', channel: '0x4001', packetsSent: 5 }]);
});

test('several lives on one port are several allocations', async () => {
  const script = new TurnScript().allocate(0).refresh(5, 0).allocate(10);
  const rows = await rowsOf(script);
  expect(rows.map(({ id, endedBy }) => [id, endedBy])).toEqual([
    ['t1', 'released'],
    ['t2', null],
  ]);
});

test('Binding alone is no allocation', async () => {
  const script = new TurnScript().ask(0, Type.bindingRequest, [], Type.bindingSuccess, [attribute.mapped(CLIENT)]);
  expect(await rowsOf(script)).toEqual([]);
});
