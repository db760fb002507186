import type { Ladder, LadderHost, LadderRow } from '../ladder.ts';

/** How a person wants the endpoints of a capture to stand. Keys are IP addresses, or `ip:port` where told apart by port. */
export interface EndpointChoice {
  /** Each port of an address has a line of its own. */
  readonly splitByPort: boolean;
  /** Addresses for which it is the other way. */
  readonly exceptions: readonly string[];
  /** Keys from left to right; an address stands for its ports too. What is not named follows in order of appearance. */
  readonly order: readonly string[];
  /** Keys that are not drawn; an address stands for its ports too. */
  readonly hidden: readonly string[];
  /** Names by key or IP address. */
  readonly names: Readonly<Record<string, string>>;
}

export const USUAL_CHOICE: EndpointChoice = { splitByPort: false, exceptions: [], order: [], hidden: [], names: {} };

/** A lifeline. */
export interface Column {
  readonly key: string;
  readonly ip: string;
  /** In bold: a name, else the address. */
  readonly name: string;
  /** Below it: the address with its port where it is one, else the ports; may be ''. */
  readonly address: string;
  readonly isHidden: boolean;
  /** It can be told apart by port, or is. */
  readonly canSplit: boolean;
  readonly isSplit: boolean;
}

export interface Columns {
  /** From left to right, hidden ones included. */
  readonly all: readonly Column[];
  /** Places in `all` of the ends of a row. */
  readonly endsOf: (row: LadderRow) => { from: number; to: number };
}

/** Which lines a ladder has, in which order. */
export function columnsOf(ladder: Ladder, choice: EndpointChoice): Columns {
  const media = new Map(ladder.rows.flatMap((row) => (row.kind === 'media' ? [[row.stream, row] as const] : [])));
  const isSplit = (place: number): boolean => {
    const ip = ladder.hosts[place]?.ip ?? '';
    return ip !== '' && ladder.endpoints[place] === ip && choice.splitByPort !== choice.exceptions.includes(ip);
  };
  const keyOf = (place: number, endpoint: string | null): string =>
    isSplit(place) && endpoint !== null ? endpoint : ladder.endpoints[place];
  const keysOf = (row: LadderRow): [string, string] => {
    // Reports go beside the media they are about, not to lines of their own.
    const about = row.kind === 'rtcp' ? media.get(row.stream) : undefined;
    const [src, dst] = about === undefined ? [row.src, row.dst] : [about.dst, about.src];
    return [keyOf(row.from, src), keyOf(row.to, dst)];
  };
  const places = new Map<string, { key: string; place: number }>();
  for (const row of ladder.rows) {
    // A note is about all lines, and has none of its own.
    if (row.kind === 'note') continue;
    const [from, to] = keysOf(row);
    if (!places.has(from)) places.set(from, { key: from, place: row.from });
    if (!places.has(to)) places.set(to, { key: to, place: row.to });
  }
  const ranks = new Map(choice.order.map((key, rank) => [key, rank]));
  const rank = ({ key, place }: { key: string; place: number }): number =>
    ranks.get(key) ?? ranks.get(ladder.hosts[place]?.ip ?? '') ?? choice.order.length;
  const ordered = [...places.values()].toSorted((a, b) => rank(a) - rank(b));
  const signalling = signallingOf(ladder);
  const all = ordered.map(({ key, place }) => columnOf(key, ladder, place, isSplit(place), choice, signalling));
  const index = new Map(all.map(({ key }, i) => [key, i]));
  return {
    all,
    endsOf: (row) => {
      if (row.kind === 'note') return { from: 0, to: Math.max(0, all.length - 1) };
      const [from, to] = keysOf(row);
      return { from: index.get(from) ?? 0, to: index.get(to) ?? 0 };
    },
  };
}

/** Ports that spoke SIP, by place of the endpoint. */
type Signalling = ReadonlyMap<number, ReadonlySet<number>>;

function columnOf(
  key: string,
  ladder: Ladder,
  place: number,
  isSplit: boolean,
  choice: EndpointChoice,
  signalling: Signalling,
): Column {
  const host: LadderHost = ladder.hosts[place] ?? { ip: '', ports: [], name: null, agent: null };
  const isOwnPort = key !== host.ip;
  const ports = signalling.get(place) ?? new Set();
  // A name belongs to the address; where it is told apart by port, to the line that signals.
  const ownName = !isSplit || ports.has(portOf(key)) ? host.name : null;
  const name = choice.names[key] ?? choice.names[host.ip] ?? ownName;
  const [port] = ports;
  return {
    key,
    ip: host.ip,
    name: name ?? key,
    address:
      name === null
        ? addressBelow(isOwnPort, ports, host)
        : isOwnPort || ports.size !== 1
          ? key
          : formatEndpoint(host.ip, port),
    isHidden: choice.hidden.includes(key) || choice.hidden.includes(host.ip),
    canSplit: host.ip !== '' && ladder.endpoints[place] === host.ip,
    isSplit,
  };
}

function signallingOf({ rows }: Ladder): Signalling {
  const ports = new Map<number, Set<number>>();
  const note = (place: number, endpoint: string | null): void => {
    if (endpoint === null) return;
    const known = ports.get(place);
    if (known === undefined) ports.set(place, new Set([portOf(endpoint)]));
    else known.add(portOf(endpoint));
  };
  for (const row of rows) {
    if (row.kind !== 'message') continue;
    note(row.from, row.src);
    note(row.to, row.dst);
  }
  return ports;
}

/** Below an address that has no name. */
function addressBelow(isOwnPort: boolean, signalling: ReadonlySet<number>, { ports: all }: LadderHost): string {
  const ports = signalling.size > 0 ? [...signalling] : all;
  if (isOwnPort || ports.length === 0) return '';
  return ports.length > 3 ? `${ports.length} ports` : `port ${ports.join(', ')}`;
}

function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
}

function formatEndpoint(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}
