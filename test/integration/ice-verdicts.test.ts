/** What is said of each recorded ICE session, against what the browser said of itself while it was recorded. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { iceRows } from '../../engine/query/ice/ice-rows.ts';
import { iceFindings } from '../../engine/query/problems/rules-ice.ts';
import type { IceSessionRow } from '../../shared/ice.ts';
import { FOREIGN_CAPTURES, OWN_CAPTURES, withCapture } from './capture-files.ts';

interface Event {
  readonly seconds: number;
  readonly state: string;
  readonly value: string;
}
interface PairStats {
  readonly id: string;
  readonly state: string;
  readonly nominated: boolean;
  readonly requestsSent: number;
  readonly requestsReceived: number;
  readonly responsesSent: number;
  readonly responsesReceived: number;
  readonly totalRoundTripTime: number;
}
interface Stats {
  readonly name: string;
  readonly end: 'caller' | 'callee';
  readonly 'candidate-pair'?: readonly PairStats[];
  readonly transport?: readonly {
    readonly selectedCandidatePairId?: string;
    readonly iceLocalUsernameFragment?: string;
  }[];
}
/** Seconds count from the capture's first packet. */
interface Facts {
  readonly caller?: { readonly timeline: readonly Event[] };
  readonly callee?: { readonly timeline: readonly Event[] };
  readonly stats?: readonly Stats[];
}
interface Found {
  readonly rows: IceSessionRow[];
  readonly codes: string[];
  readonly startTime: number;
}

type Golden = readonly [outcome: string, verdict: string | RegExp];

/** Read off the packets; the scripts of test/recording say what was done to them. `problems` are codes. */
const GOLDEN: readonly { name: string; sessions: readonly Golden[]; problems?: readonly string[] }[] = [
  { name: 'ice-host', sessions: [['ok', /^Connected after 0\.\d+ s, host to host$/]] },
  { name: 'ice-mdns', sessions: [['ok', /^Connected after 0\.\d+ s, host to host$/]] },
  { name: 'ice-ipv6', sessions: [['ok', /^Connected after 0\.\d+ s, host to host$/]] },
  { name: 'ice-lite', sessions: [['ok', /^Connected after 0\.\d+ s, host to host$/]] },
  { name: 'ice-relay', sessions: [['ok', /^Connected after 0\.\d+ s, through a relay$/]] },
  { name: 'ice-relay-both-legs', sessions: [['ok', /^Connected after 0\.\d+ s, through a relay$/]] },
  { name: 'ice-relay-tcp', sessions: [['ok', /^Connected after 0\.\d+ s, through a relay$/]] },
  { name: 'ice-srflx', sessions: [['ok', /^Connected after 0\.\d+ s$/]] },
  { name: 'ice-srflx-nat', sessions: [['ok', /^Connected after 0\.\d+ s$/]] },
  { name: 'ice-symmetric-nat', sessions: [['ok', /^Connected after 0\.\d+ s$/]] },
  { name: 'ice-symmetric-nat-callee', sessions: [['ok', /^Connected after 0\.\d+ s$/]] },
  { name: 'ice-symmetric-relay', sessions: [['ok', /^Connected after 0\.\d+ s, through a relay$/]] },
  { name: 'ice-role-conflict', sessions: [['ok', /^Connected after 0\.\d+ s$/]] },
  { name: 'ice-restart', sessions: [['ok', /^Connected after 0\.\d+ s, host to host$/]] },
  {
    name: 'ice-two-transports',
    sessions: [
      ['ok', /host to host$/],
      ['ok', /host to host$/],
    ],
  },
  { name: 'sip-ice', sessions: [['ok', /^Connected after 0\.\d+ s, host to host$/]] },
  { name: 'sip-ice-srflx', sessions: [['ok', /^Connected after 0\.\d+ s, srflx to host$/]] },
  { name: 'sip-ice-trickle', sessions: [['ok', /^Connected after 0\.\d+ s, host to host$/]] },
  { name: 'ice-missing-start', sessions: [['incomplete', 'Incomplete: capture starts after the checks']] },
  { name: 'ice-blocked', sessions: [['failed', 'No check was answered']], problems: ['ice-no-answer'] },
  {
    name: 'ice-one-side-blocked',
    sessions: [['failed', /^No check of 10\.77\.0\.1:\d+ was answered$/]],
    problems: ['ice-no-answer'],
  },
  {
    name: 'ice-symmetric-failed',
    sessions: [['failed', /^No check of 10\.77\.1\.2:\d+ was answered$/]],
    problems: ['ice-no-answer'],
  },
  {
    name: 'ice-answered-elsewhere',
    sessions: [['failed', 'Answers come from another address']],
    problems: ['ice-answered-elsewhere'],
  },
  { name: 'ice-wrong-password', sessions: [['failed', 'Checks are rejected: 401']], problems: ['ice-checks-rejected'] },
  { name: 'ice-relay-refused', sessions: [['failed', 'Allocate: credentials rejected']] },
  {
    name: 'ice-one-of-two-failed',
    sessions: [
      ['ok', /host to host$/],
      ['failed', 'No check was answered'],
    ],
    problems: ['ice-no-answer'],
  },
  {
    name: 'ice-consent-lost',
    sessions: [['failed', /^Connection lost after 2\.\d+ s$/]],
    problems: ['ice-connection-lost'],
  },
  {
    name: 'ice-consent-back',
    sessions: [['warning', 'Connection lost for a while']],
    problems: ['ice-connection-lost'],
  },
  { name: 'dtls-blocked', sessions: [['failed', 'DTLS: ClientHello is not answered']], problems: ['dtls-no-answer'] },
  {
    name: 'dtls-one-side-blocked',
    sessions: [['failed', 'DTLS: handshake stops half-way']],
    problems: ['dtls-flight-lost'],
  },
  { name: 'dtls-no-client', sessions: [['failed', 'DTLS: no ClientHello']], problems: ['dtls-no-client'] },
  {
    name: 'dtls-no-profile',
    sessions: [['failed', 'DTLS: no common SRTP profile']],
    problems: ['dtls-no-common-profile'],
  },
  { name: 'dtls-two-clients', sessions: [], problems: ['dtls-role-conflict'] },
  { name: 'dtls-wrong-fingerprint', sessions: [['failed', 'DTLS: handshake refused']], problems: ['dtls-alert'] },
  { name: 'dtls-wrong-certificate', sessions: [['failed', 'DTLS: certificate is not the announced one']] },
];

/** At the callee, or at the relay where the callee's packets are as it sent them. */
const SEEN_BY_CALLEE = new Set(['ice-symmetric-nat-callee', 'ice-relay-both-legs']);
/** Captures that begin after the session, have none of its checks, or end with its last check, before 15 s are over. */
const WITHOUT_TIMELINE = new Set(['ice-missing-start', 'ice-relay-refused', 'ice-symmetric-failed']);
/** From the packets to the event in the page, and of timers that are looked at every so often. */
const LATE_SECONDS = 0.6;

const pathOf = (name: string): string => join(OWN_CAPTURES, `${name}.pcap`);
const recorded = GOLDEN.filter(({ name }) => existsSync(pathOf(name)));

async function read(path: string): Promise<Found> {
  const found = await withCapture(path, (capture) => ({
    rows: iceRows(capture),
    codes: iceFindings(capture).map(({ code }) => code),
    startTime: capture.store.frames.time(0),
  }));
  return found ?? { rows: [], codes: [], startTime: 0 };
}

function factsOf(name: string): Facts {
  const path = join(OWN_CAPTURES, `${name}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** The states an aggregate went through, without what only the end of the call made of it. */
function statesOf(row: IceSessionRow, transport: string): { time: number; to: string }[] {
  return row.states.filter((change) => change.transport === transport && change.to !== 'closed');
}

it('most of the recorded captures are there', () => {
  expect(recorded.length).toBeGreaterThan(20);
});

/** A test only of captures about which something else speaks. */
function itWhere(isKnown: boolean): (title: string, test: () => Promise<void>) => void {
  return (title, test) => {
    if (isKnown) it(title, test);
  };
}

describe.each(recorded)('$name', ({ name, sessions, problems }) => {
  const end = SEEN_BY_CALLEE.has(name) ? 'callee' : 'caller';
  const facts = factsOf(name);
  const timeline = facts[end]?.timeline ?? [];
  const stats = facts.stats?.find((one) => one.end === end && one.name === 'end') ?? null;

  it('has the verdicts that its packets bear out', async () => {
    const { rows, codes } = await read(pathOf(name));
    expect(rows.map(({ outcome }) => outcome)).toEqual(sessions.map(([outcome]) => outcome));
    for (const [i, [, verdict]] of sessions.entries()) expect(rows[i].verdict).toMatch(verdict);
    for (const row of rows) expect(row.evidence.length).toBeGreaterThan(0);
    expect(codes).toEqual(problems ?? []);
  });

  const hasTimeline = timeline.some(({ state }) => state === 'connectionState') && !WITHOUT_TIMELINE.has(name);
  itWhere(hasTimeline)('goes through the states the browser went through, when it did', async () => {
    const { rows, startTime } = await read(pathOf(name));
    const expected = timeline.filter(({ state }) => state === 'connectionState');
    const states = statesOf(rows[0], 'connectionState');
    expect(states.map(({ to }) => to)).toEqual(expected.map(({ value }) => value));
    for (const [i, { time }] of states.entries()) {
      expect(Math.abs(time - startTime - expected[i].seconds)).toBeLessThan(LATE_SECONDS);
    }
  });

  const pairs = stats?.['candidate-pair'] ?? [];
  const selectedIds = (stats?.transport ?? []).map(({ selectedCandidatePairId }) => selectedCandidatePairId);
  const selected = pairs.filter(({ id, state }) => selectedIds.includes(id) && state === 'succeeded');
  itWhere(selected.length > 0 && name !== 'ice-missing-start')(
    'counts the checks of the selected pairs as getStats does',
    async () => {
      const { rows } = await read(pathOf(name));
      const ours = rows.flatMap(({ pairs: all, selected: pair }) =>
        all.filter(({ local, remote }) => local === pair?.local && remote === pair.remote),
      );
      const mine = ours.toSorted((a, b) => b.requests - a.requests);
      const theirs = selected.toSorted((a, b) => requestsOf(b) - requestsOf(a));
      expect(mine).toHaveLength(theirs.length);
      for (const [i, pair] of theirs.entries()) {
        expect(mine[i]).toMatchObject({ state: 'succeeded', nominated: pair.nominated, why: null });
        // Between getStats and the end of the call a consent check of each side may have come.
        expect(mine[i].requests - requestsOf(pair)).toBeGreaterThanOrEqual(0);
        expect(mine[i].requests - requestsOf(pair)).toBeLessThanOrEqual(2);
        const responses = pair.responsesSent + pair.responsesReceived;
        // An error is an answer too where the browser counts what it sends.
        expect(mine[i].responses + mine[i].errors - responses).toBeGreaterThanOrEqual(0);
        expect(mine[i].responses - responses).toBeLessThanOrEqual(2);
        const average = (pair.totalRoundTripTime * 1000) / pair.responsesReceived;
        // The browser's clock counts whole milliseconds.
        expect(mine[i].roundTripMs ?? Infinity).toBeLessThan(average + 1);
      }
    },
  );
});

function requestsOf({ requestsSent, requestsReceived }: PairStats): number {
  return requestsSent + requestsReceived;
}

it('a restart is one session, and each of its pairs had media in its time', async () => {
  const { rows } = await read(pathOf('ice-restart'));
  expect(rows[0].restarts).toHaveLength(1);
  expect(rows[0].media.map(({ isSelectedPair }) => isSelectedPair)).toEqual([true, true]);
});

const foreign = join(FOREIGN_CAPTURES, 'webrtc-ice-dtls');
describe.runIf(existsSync(foreign))('captures of other people', () => {
  it.each([
    ['stun_dtls.pcap', [['ok', 'Connected after 0.066 s']]],
    ['webrtc-stun.pcap', [['ok', 'Connected after 0.007 s']]],
    ['dtls1_2.pcap', []],
    ['dtls13-wolfssl.pcap', []],
  ])('%s', async (file, expected) => {
    const { rows } = await read(join(foreign, file));
    expect(rows.map(({ outcome, verdict }) => [outcome, verdict])).toEqual(expected);
  });
});
