import type { IceDetail } from '../../../shared/engine-api.ts';
import { splitEndpoint } from '../ladder-endpoints.ts';

/** IP addresses by whose they are. */
export interface Sides {
  readonly servers: ReadonlySet<string>;
  readonly local: ReadonlySet<string>;
  readonly remote: ReadonlySet<string>;
}

/** The sides' own addresses: their host candidates, and where they spoke to TURN servers from. */
export function sidesOf({ session, allocations }: IceDetail): Sides {
  const candidates = session?.candidates ?? [];
  // Whose candidate the relayed address is, is the client.
  const isRemote = (relayed: string | null): boolean =>
    candidates.some(({ side, address }) => side === 'remote' && address === relayed);
  const of = (wanted: 'local' | 'remote'): Set<string> =>
    ipsOf([
      session?.[wanted].address ?? null,
      ...candidates.filter(({ side, type }) => side === wanted && type === 'host').map(({ address }) => address),
      ...allocations
        .filter(({ relayedAddress }) => isRemote(relayedAddress) === (wanted === 'remote'))
        .map(({ client }) => client),
    ]);
  return { servers: ipsOf(allocations.map(({ server }) => server)), local: of('local'), remote: of('remote') };
}

/** TURN servers by what they are, the sides where an address belongs to one of them alone; null for any other. */
export function nameOfHost(ip: string, { servers, local, remote }: Sides, isSession: boolean): string | null {
  if (servers.has(ip)) return 'TURN server';
  if (local.has(ip) === remote.has(ip)) return null;
  return isSession ? (local.has(ip) ? 'local' : 'remote') : 'client';
}

function ipsOf(endpoints: readonly (string | null)[]): Set<string> {
  return new Set(endpoints.flatMap((endpoint) => (endpoint === null ? [] : [splitEndpoint(endpoint).ip])));
}
