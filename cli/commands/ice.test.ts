import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { IceRow } from '../../shared/ice.ts';
import { OWN_CAPTURES } from '../../test/integration/capture-files.ts';
import { run } from '../run.ts';
import { keep } from '../testing.ts';

async function earshot(...args: string[]): Promise<{ exit: number; out: string }> {
  const [stdout, stderr] = [keep(), keep()];
  const { signal } = new AbortController();
  const exit = await run(args, { stdout: stdout.stream, stderr: stderr.stream, environment: {}, signal });
  return { exit, out: stdout.chunks.join('') };
}

test('a line for each session, with the way it went', async () => {
  const { exit, out } = await earshot('ice', join(OWN_CAPTURES, 'webrtc-chromium.pcapng'));
  expect(exit).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1].split(/ {2,}/).filter((text) => text !== '')).toEqual([
    'start',
    'client',
    'peer or server',
    'way',
    'pairs',
    'RTT ms',
    'call',
    'outcome',
    'verdict',
    'what happened',
  ]);
  const cells = lines[2].split(/ {2,}/);
  expect([cells[0], ...cells.slice(2)]).toEqual([
    'i1',
    '10.77.0.1:59039',
    '10.77.0.2:7000',
    'host to host',
    '1 of 1',
    '0.2',
    'c1',
    'ok',
    'Connected after 0.055 s, host to host',
    'The pair 10.77.0.1:59039 and 10.77.0.2:7000 was nominated.',
  ]);
});

test('--json has the rows of the contract', async () => {
  const { exit, out } = await earshot('ice', join(OWN_CAPTURES, 'webrtc-chromium.pcapng'), '--json');
  expect(exit).toBe(0);
  const rows = (JSON.parse(out) as { ice: IceRow[] }).ice;
  expect(rows).toHaveLength(1);
  const [session] = rows;
  if (session.kind !== 'ice-session') throw new Error('no session');
  expect(Object.keys(session)).toEqual(
    expect.arrayContaining(['kind', 'call', 'local', 'remote', 'roles', 'pairs', 'selected', 'states', 'verdict']),
  );
  // ufrags as in USERNAME (RFC 8445 section 7.2.2); the first check is packet 16 by tshark.
  expect([session.local.ufrag, session.remote.ufrag]).toEqual(['dmge', 'lite']);
  expect(session.pairs[0]).toMatchObject({ requests: 5, responses: 5, nominated: true, state: 'succeeded' });
  expect(session.pairs[0].packets[0]).toBe(16);
});

test('a capture without says so, which is no failure', async () => {
  const { exit, out } = await earshot('ice', join(OWN_CAPTURES, 'sample.pcap'));
  expect([exit, out]).toEqual([0, 'There are no ICE sessions and no TURN allocations in sample.pcap.\n']);
});

test('TURN: the step that failed, what happened, and what to do next', async () => {
  const { exit, out } = await earshot('ice', join(OWN_CAPTURES, 'turn-wrong-password.pcap'));
  expect(exit).toBe(0);
  const lines = out.trimEnd().split('\n').slice(2);
  expect(lines).toHaveLength(2);
  for (const [at, client] of ['10.77.0.1:48961', '10.77.0.1:55052'].entries()) {
    const cells = lines[at].split(/ {2,}/);
    expect(cells[0]).toBe(`t${at + 1}`);
    expect(cells.slice(2, 5)).toEqual([client, '10.77.0.3:3478', 'TURN over udp']);
    expect(cells.slice(-3, -1)).toEqual(['failed', 'Allocate: credentials rejected']);
    expect(cells.at(-1)).toMatch(/a second 401.*\. Next: /);
  }
  const json = await earshot('ice', join(OWN_CAPTURES, 'turn-wrong-password.pcap'), '--json');
  const [row] = (JSON.parse(json.out) as { ice: IceRow[] }).ice;
  if (row.kind !== 'turn-allocation') throw new Error('no allocation');
  // In the order of the contract; coturn's own log says 401 twice.
  expect(row.steps.map(({ step, outcome, code }) => [step, outcome, code])).toEqual([
    ['reachability', 'ok', null],
    ['allocate', 'failed', 401],
    ['permission', 'not-tried', null],
    ['connectivity-check', 'not-tried', null],
    ['channel-bind', 'not-tried', null],
    ['media', 'not-tried', null],
  ]);
});
