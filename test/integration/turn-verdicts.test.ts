/** What is said of each recorded TURN capture, against what the server's log and the scripted client say of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { turnAllocation } from '../../engine/query/problems/rules-turn.ts';
import { turnAllocationRows } from '../../engine/query/ice/turn-rows.ts';
import type { TurnAllocationRow } from '../../shared/ice.ts';
import { capturesIn, FOREIGN_CAPTURES, OWN_CAPTURES, withCapture } from './capture-files.ts';

interface Message {
  readonly packet: number;
  readonly from: string;
  readonly to: string;
  readonly method?: string;
  readonly class?: string;
  readonly id?: string;
  readonly code?: number;
  /** The channel, of ChannelData. */
  readonly channelData?: string;
}
interface Facts {
  /** Of coturn's own log. */
  readonly sessions?: readonly { readonly log: readonly string[] }[];
  /** Each message as tshark reads it. */
  readonly messages: readonly Message[];
  /** ChannelData of a long capture, counted instead of listed. */
  readonly channelData?: readonly { readonly from: string; readonly to: string; readonly count: number }[];
}

const recorded = capturesIn(OWN_CAPTURES).filter((name) => name.startsWith('turn-'));

async function read(folder: string, name: string): Promise<{ rows: TurnAllocationRow[]; codes: string[] }> {
  const found = await withCapture(join(folder, name), (capture) => ({
    rows: turnAllocationRows(capture),
    codes: capture.turn.allocations.flatMap((one) => turnAllocation(capture, one)).map(({ code }) => code),
  }));
  return found ?? { rows: [], codes: [] };
}

function factsOf(name: string): Facts {
  const facts: Facts = JSON.parse(readFileSync(join(OWN_CAPTURES, name.replace(/\.pcap(ng)?$/, '.json')), 'utf8'));
  // What ICMP quotes is listed too, without ports.
  const messages = facts.messages.filter(({ from }) => !from.endsWith(':None'));
  return { ...facts, messages: messages.map((one) => ({ ...one, from: bracketed(one.from), to: bracketed(one.to) })) };
}

/** `[fd77::1]:3478` of `fd77::1:3478`. */
function bracketed(endpoint: string): string {
  const at = endpoint.lastIndexOf(':');
  const isIPv6 = endpoint.indexOf(':') !== at && !endpoint.startsWith('[');
  return isIPv6 ? `[${endpoint.slice(0, at)}]${endpoint.slice(at)}` : endpoint;
}

/** Verdicts of the allocations, as a person who reads the packets gives them, and the problems. */
const VERDICTS: Readonly<Record<string, readonly [verdicts: readonly string[], codes: readonly string[]]>> = {
  'turn-alternate.pcap': [['ok: Sent on to another server', 'ok: Relay works, data flow both ways'], []],
  'turn-answers-lost.pcap': [['failed: Answers do not reach the client'], ['turn-answers-lost']],
  'turn-bad-requests.pcap': [['ok: Allocated and released, not used'], []],
  'turn-before-permission.pcap': [['warning: Data sent before the permission'], ['turn-permission-missing']],
  'turn-channel-expired.pcap': [['warning: Channel expired in mid-call'], ['turn-channel-expired']],
  'turn-denied-peer.pcap': [['failed: Permission: peer denied'], ['turn-permission-denied']],
  'turn-expired.pcap': [['failed: Allocation expired, refreshed too late'], ['turn-allocation-over']],
  'turn-ipv6.pcap': [['ok: Relay works, ChannelData flows'], []],
  'turn-missing-start.pcap': [['incomplete: Incomplete: capture starts after the allocation'], []],
  'turn-mobility.pcap': [['ok: Allocated, not used', 'ok: Relay works, ChannelData flows'], []],
  'turn-no-answer.pcap': [['failed: TURN server does not answer'], ['turn-no-answer']],
  'turn-no-ipv6.pcap': [['failed: Allocate: address family not supported'], ['turn-allocate-refused']],
  'turn-no-ports.pcap': [['failed: Allocate: no capacity left'], ['turn-allocate-refused']],
  'turn-one-way.pcap': [['warning: Nothing comes back through relay'], ['turn-one-way']],
  'turn-other-address.pcap': [['failed: Answer came from another address'], ['turn-answer-elsewhere']],
  'turn-other-family.pcap': [['failed: Permission: peer address family mismatch'], ['turn-permission-refused']],
  'turn-other-user.pcap': [['failed: Refresh: wrong credentials'], ['turn-refresh-refused']],
  'turn-permission-expired.pcap': [['warning: Permission expired in mid-call'], ['turn-permission-expired']],
  'turn-quota.pcap': [['ok: Allocated, not used', 'failed: Allocate: quota reached'], ['turn-allocate-refused']],
  'turn-released.pcap': [['failed: Released while data still flowed'], ['turn-allocation-over']],
  'turn-stale-nonce-loop.pcap': [['failed: Refresh: stale nonce every time'], ['turn-stale-nonce']],
  'turn-stale-nonce.pcap': [['ok: Relay works, data flow both ways'], []],
  'turn-tcp-disabled.pcap': [['failed: Allocate: unsupported transport'], ['turn-allocate-refused']],
  'turn-tcp-segments.pcap': [['ok: Relay works, ChannelData flows'], []],
  'turn-unknown-user.pcap': [['failed: Allocate: credentials rejected'], ['turn-credentials']],
  'turn-unreachable.pcap': [['failed: TURN server: port unreachable'], ['turn-no-answer']],
  'turn-wrong-password.pcap': [
    ['failed: Allocate: credentials rejected', 'failed: Allocate: credentials rejected'],
    ['turn-credentials', 'turn-credentials'],
  ],
};

/** Those of turnutils_uclient: it allocates once to see whether it can, then once or twice for its data. */
const WORKING = ['turn-both-legs', 'turn-channels', 'turn-indications', 'turn-tcp', 'turn-tcp-relay'].map(
  (name) => `${name}.pcap`,
);

/** Calls whose way is, or should have been, a relay. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  'ice-relay.pcap': ['ok: Relay works, ChannelData flows'],
  'ice-relay-both-legs.pcap': ['ok: Relay works, ChannelData flows'],
  'ice-relay-tcp.pcap': ['ok: Relay works, ChannelData flows'],
  'ice-relay-refused.pcap': ['failed: Allocate: credentials rejected'],
  'sip-turn.pcap': ['ok: Relay works, ChannelData flows', 'ok: Allocated, hardly used'],
};
const calls = capturesIn(OWN_CAPTURES).filter((name) => CALLS[name] !== undefined);

describe.skipIf(calls.length === 0)('recorded calls through a relay', () => {
  it.each(calls)('%s', async (name) => {
    const { rows } = await read(OWN_CAPTURES, name);
    expect(rows.map(({ outcome, verdict }) => `${outcome}: ${verdict}`)).toEqual(CALLS[name]);
  });
});

describe.skipIf(recorded.length === 0)('recorded TURN captures', () => {
  it('has a verdict to compare with for each', () => {
    expect(recorded.filter((name) => VERDICTS[name] === undefined && !WORKING.includes(name))).toEqual([]);
  });

  it.each(recorded.filter((name) => VERDICTS[name] !== undefined))('%s', async (name) => {
    const { rows, codes } = await read(OWN_CAPTURES, name);
    const [verdicts, problems] = VERDICTS[name];
    expect(rows.map(({ outcome, verdict }) => `${outcome}: ${verdict}`)).toEqual(verdicts);
    expect(codes).toEqual(problems);
  });

  it.each(recorded.filter((name) => WORKING.includes(name)))('%s works', async (name) => {
    const { rows, codes } = await read(OWN_CAPTURES, name);
    expect(codes).toEqual([]);
    expect(rows.map(({ outcome }) => outcome)).toEqual(rows.map(() => 'ok'));
    expect(rows.filter(({ verdict }) => verdict.startsWith('Relay works')).length).toBeGreaterThan(0);
  });

  it.each(recorded)('%s: allocations and error codes are those of tshark and the server', async (name) => {
    const { rows } = await read(OWN_CAPTURES, name);
    const { sessions, messages } = factsOf(name);
    const requests = messages.filter((one) => one.method === 'Allocate' && one.class === 'request');
    const asked = new Set(requests.map(({ from, to }) => `${from} ${to}`));
    const isWhole = asked.size > 0;
    if (isWhole) expect(new Set(rows.map(({ client, server }) => `${client} ${server}`))).toEqual(asked);
    // What the log calls a new session is an allocation that was granted.
    const granted = (sessions ?? []).flatMap(({ log }) => log.filter((line) => line.startsWith('new, '))).length;
    const seen = rows.filter(({ relayedAddress }) => relayedAddress !== null);
    // The log is that of the first server only.
    const hasAnother = name === 'turn-alternate.pcap';
    if (sessions !== undefined && isWhole && !hasAnother) expect(seen).toHaveLength(granted);
    // Every code that ends a step is one that tshark read.
    const codes = new Set(messages.map(({ code }) => code));
    for (const { code } of rows.flatMap(({ steps }) => steps.flatMap((step) => [step, ...step.parts]))) {
      if (code !== null) expect(codes).toContain(code);
    }
  });

  it.each(recorded)('%s: data are counted as tshark counts them', async (name) => {
    const { rows } = await read(OWN_CAPTURES, name);
    const facts = factsOf(name);
    const servers = new Set(rows.map(({ server }) => server));
    const data = facts.messages.filter(({ method, channelData }) => /^(Send|Data)$/.test(method ?? '') || channelData);
    const counted = [...data.map(({ from, to }) => ({ from, to, count: 1 })), ...(facts.channelData ?? [])];
    const sum = (of: typeof counted): number => of.reduce((total, { count }) => total + count, 0);
    const peers = rows.flatMap((row) => row.peers);
    expect(peers.reduce((total, { packetsSent }) => total + packetsSent, 0)).toBe(
      sum(counted.filter(({ to }) => servers.has(to))),
    );
    expect(peers.reduce((total, { packetsReceived }) => total + packetsReceived, 0)).toBe(
      sum(counted.filter(({ from }) => servers.has(from))),
    );
  });
});

describe.skipIf(!existsSync(FOREIGN_CAPTURES))("other people's captures", () => {
  it('has one allocation among those of STUN and WebRTC, whose checks pass', async () => {
    const found: string[] = [];
    for (const folder of ['stun-turn', 'webrtc-ice-dtls']) {
      for (const name of capturesIn(join(FOREIGN_CAPTURES, folder))) {
        const { rows } = await read(join(FOREIGN_CAPTURES, folder), name);
        for (const { outcome, verdict } of rows) found.push(`${name} ${outcome}: ${verdict}`);
      }
    }
    expect(found).toEqual(['stun.pl7m.pcap ok: Relay works, checks pass']);
  });
});
