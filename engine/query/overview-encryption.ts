import type { Overview, SecureConnectionRow } from '../../shared/engine-api.ts';
import type { StreamEncryption } from '../../shared/api.ts';
import type { CaptureIndex } from './capture-index.ts';
import { callId } from './call-rows.ts';
import { streamRow } from './stream-rows.ts';

type Row = Overview['encryption'][number];

/** Servers named each by its own row; the rest are counted. */
const MOST_SERVERS = 3;

/** How streams and connections are encrypted and whether they were opened: a row for each way, then what is in clear. */
export function encryptionRows(index: CaptureIndex): Row[] {
  return [
    ...streamGroups(index),
    ...connectionGroups(index.connections.filter((connection) => !index.isForMedia(connection))),
    ...clearRow(index),
  ];
}

interface Group {
  readonly like: Pick<Row, 'kind' | 'label' | 'severity'>;
  streams: number;
  /** Packets that no key authenticates, of streams that were opened. */
  failed: number;
  readonly calls: Set<string>;
}

function streamGroups(index: CaptureIndex): Row[] {
  const { capture, streams } = index;
  const groups = new Map<string, Group>();
  for (const stream of streams) {
    if (stream.encryption === null) continue;
    const { encryption } = streamRow(capture, stream, null);
    if (encryption === null) continue;
    const like = groupOf(encryption);
    const group = groups.get(like.label) ?? { like, streams: 0, failed: 0, calls: new Set() };
    groups.set(like.label, group);
    group.streams++;
    if (encryption.state === 'opened') group.failed += encryption.failed;
    if (stream.call >= 0) group.calls.add(callId(capture.calls.entries[stream.call]));
  }
  return [...groups.values()]
    .toSorted((a, b) => Number(b.like.kind === 'unlocked') - Number(a.like.kind === 'unlocked'))
    .map((group) => ({ ...group.like, detail: detailOf(group), filter: null }));
}

function groupOf({ state, keySource, suite }: StreamEncryption): Group['like'] {
  const locked = (label: string): Group['like'] => ({ kind: 'locked', label, severity: 'warning' });
  if (state === 'suspected') return locked('Payload looks encrypted, nothing announces it');
  const by = suite === null ? '' : `, ${suite}`;
  if (state === 'opened') {
    const from = {
      sdes: 'SRTP, keys in the SDP',
      dtls: 'DTLS-SRTP, secret at hand',
      manual: 'SRTP, key entered by hand',
    };
    return { kind: 'unlocked', label: `${keySource === null ? 'SRTP' : from[keySource]}${by}`, severity: null };
  }
  if (state === 'failed') return locked(`SRTP, no key at hand is right${by}`);
  if (keySource === 'dtls') return locked('DTLS-SRTP, no secret');
  return locked(
    keySource === 'sdes' ? 'SRTP, its SDP is not in the capture' : 'SRTP, nothing says how keys are agreed',
  );
}

/** `2 streams, call 10`, `4 streams, all authenticate`. */
function detailOf({ like, streams, failed, calls }: Group): string {
  const what = counted(streams, 'stream');
  if (like.kind === 'unlocked') {
    return failed === 0 ? `${what}, all authenticate` : `${what}, ${counted(failed, 'packet')} not authentic`;
  }
  if (calls.size === 0) return what;
  const numbers = [...calls].map((call) => call.slice(1));
  return `${what}, ${calls.size === 1 ? `call ${numbers[0]}` : calls.size <= 3 ? `calls ${numbers.join(', ')}` : `${calls.size} calls`}`;
}

/** Connections by their server. */
function connectionGroups(connections: readonly SecureConnectionRow[]): Row[] {
  const groups = new Map<string, { row: Omit<Row, 'detail'>; count: number; words: string }>();
  for (const { protocol, server, state } of connections) {
    const isOpened = state === 'opened';
    const what = protocol === 'TLS' && server.endsWith(':5061') ? 'SIP over TLS' : protocol;
    const label = `${what} to ${server}`;
    const words = isOpened
      ? 'read'
      : state === 'failed'
        ? 'secret is wrong'
        : state === 'incomplete'
          ? 'not whole'
          : 'not read';
    const key = `${label} ${words}`;
    const group = groups.get(key) ?? {
      row: { kind: isOpened ? 'unlocked' : 'locked', label, severity: null, filter: null },
      count: 0,
      words,
    };
    groups.set(key, group);
    group.count++;
  }
  const sorted = [...groups.values()].toSorted((a, b) => b.count - a.count);
  const rows = sorted
    .slice(0, MOST_SERVERS)
    .map(({ row, count, words }): Row => ({ ...row, detail: `${counted(count, 'connection')}, ${words}` }));
  const rest = sorted.slice(MOST_SERVERS).reduce((sum, { count }) => sum + count, 0);
  if (rest > 0) {
    rows.push({
      kind: 'locked',
      label: 'TLS to other servers',
      detail: counted(rest, 'connection'),
      severity: null,
      filter: null,
    });
  }
  return rows;
}

function clearRow({ streams }: CaptureIndex): Row[] {
  const clear = streams.filter(({ encryption }) => encryption === null).length;
  if (clear === 0) return [];
  return [{ kind: 'clear', label: 'RTP in clear', detail: counted(clear, 'stream'), severity: null, filter: null }];
}

function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}
