/** A session that failed and its allocation, for tests: two tries that nobody answered, and rejected credentials. */
import type { IceSessionRow, StepPart, TurnAllocationRow, TurnStep } from '../../../shared/ice.ts';

export const START = 1_795_185_080.871;

function part(
  outcome: StepPart['outcome'],
  text: string,
  packets: number[] = [],
  code: number | null = null,
): StepPart {
  return { outcome, text, code, roundTripMs: packets.length === 0 ? null : 18.4, packets };
}

function notTried(step: TurnStep['step'], text: string): TurnStep {
  return { step, ...part('not-tried', text), parts: [] };
}

export function allocation(change: Partial<TurnAllocationRow> = {}): TurnAllocationRow {
  return {
    kind: 'turn-allocation',
    id: 't1',
    number: 1,
    outcome: 'failed',
    verdict: 'Allocate: credentials rejected',
    explanation: 'The server answered the authenticated Allocate with a second 401.',
    advice: 'Have the application fetch fresh TURN credentials.',
    evidence: [3, 4],
    client: '10.20.4.88:61002',
    server: '198.51.100.20:3478',
    transport: 'udp',
    username: '1795184400:anna',
    realm: 'example.net',
    software: null,
    mappedAddress: '203.0.113.40:61202',
    relayedAddress: null,
    startTime: START + 0.02,
    endTime: START + 0.2,
    lifetimeSeconds: null,
    refreshes: 0,
    endedBy: null,
    steps: [
      {
        step: 'reachability',
        ...part('ok', 'Binding success, mapped address 203.0.113.40:61202', [1, 2]),
        parts: [],
      },
      {
        step: 'allocate',
        ...part('failed', 'No relayed address was granted', [3, 4], 401),
        parts: [
          { name: 'without credentials', ...part('ok', '401, realm example.net and a nonce', [5, 6], 401) },
          { name: 'with credentials', ...part('failed', '401 again, same nonce', [3, 4], 401) },
        ],
      },
      notTried('permission', 'Not tried: needs an allocation'),
      notTried('connectivity-check', 'Not tried through the relay'),
      notTried('channel-bind', 'Not tried'),
      notTried('media', 'No Send indication, Data indication or ChannelData seen'),
    ],
    peers: [],
    packetCount: 6,
    session: null,
    ...change,
  };
}

const HOSTS = ['10.20.4.88:61002', '172.17.0.1:49920'];
const REMOTES = ['203.0.113.91:41822', '192.168.77.15:50410'];
const WHY = ['no answer through NAT', 'private, other site', 'local bridge only', 'local bridge only'];

export function session(change: Partial<IceSessionRow> = {}): IceSessionRow {
  const changes: [number, string, string, string, string][] = [
    [0.4, 'ice 0', 'new', 'checking', ''],
    [15.9, 'ice 0', 'checking', 'failed', 'no pair was answered'],
    [20.2, 'ice 0', 'failed', 'checking', 'ICE restart'],
    [35.8, 'ice 0', 'checking', 'failed', 'no pair was answered'],
    [0, 'dtls 0', 'new', 'new', 'no ClientHello seen'],
    [0.4, 'iceConnectionState', 'new', 'checking', ''],
    [15.9, 'iceConnectionState', 'checking', 'failed', ''],
    [20.2, 'iceConnectionState', 'failed', 'checking', ''],
    [35.8, 'iceConnectionState', 'checking', 'failed', ''],
    [0.4, 'connectionState', 'new', 'connecting', 'ICE is checking'],
    [15.9, 'connectionState', 'connecting', 'failed', ''],
    [20.2, 'connectionState', 'failed', 'connecting', ''],
    [35.8, 'connectionState', 'connecting', 'failed', ''],
  ];
  return {
    kind: 'ice-session',
    id: 'i2',
    number: 2,
    outcome: 'failed',
    verdict: 'Allocate: credentials rejected',
    explanation: 'The server answered the authenticated Allocate with a second 401. All 4 direct pairs failed too.',
    advice: 'Have the application fetch fresh TURN credentials.',
    evidence: [3, 4],
    call: null,
    local: { ufrag: 'k3Fz', address: '10.20.4.88:61002', isLite: false },
    remote: { ufrag: '9tQx', address: '192.168.77.15:50410', isLite: false },
    roles: { local: 'controlling', remote: 'controlled' },
    candidates: [
      ...HOSTS.map((address) => candidate('local', 'host', address)),
      candidate('local', 'srflx', '203.0.113.40:61202'),
      candidate('remote', 'srflx', REMOTES[0]),
      candidate('remote', 'host', REMOTES[1]),
    ],
    pairs: HOSTS.flatMap((local, i) =>
      REMOTES.map((remote, j) => ({
        local,
        remote,
        localType: 'host' as const,
        remoteType: j === 0 ? ('srflx' as const) : ('host' as const),
        transport: 'udp' as const,
        component: 1,
        state: 'failed' as const,
        nominated: false,
        requests: 14,
        responses: 0,
        errors: 0,
        roundTripMs: null,
        why: WHY[i * 2 + j],
        firstTime: START + 0.42,
        lastTime: START + 34,
        packets: [7 + i * 2 + j],
        packetCount: 14,
      })),
    ),
    selected: null,
    connectedAfterSeconds: null,
    media: [],
    states: changes
      .map(([seconds, transport, from, to, why]) => ({ time: START + seconds, transport, from, to, packet: null, why }))
      .toSorted((a, b) => a.time - b.time),
    restarts: [{ time: START + 20.2, localUfrag: 'pQ8w', remoteUfrag: 'Lm2e', packet: 9 }],
    checkTimes: [0.42, 20.22].flatMap((begin) => [0, 0.5, 1.5, 3.5, 7.5, 11.5, 13.5].map((at) => START + begin + at)),
    startTime: START,
    endTime: START + 37,
    packetCount: 62,
    allocations: ['t1'],
    ...change,
  };
}

function candidate(
  side: 'local' | 'remote',
  type: 'host' | 'srflx',
  address: string,
): IceSessionRow['candidates'][number] {
  return {
    side,
    type,
    address,
    transport: 'udp',
    component: 1,
    priority: type === 'host' ? 2_122_260_223 : 1_686_052_607,
    foundation: '1',
    related: type === 'host' ? null : HOSTS[0],
    from: side === 'local' ? 'sdp' : 'trickle',
    packet: 1,
  };
}
