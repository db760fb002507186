import type { Dissector } from '../../dissectors/dissector.ts';

/** Who wants to be asked for what, compiled once from the dissectors' claims. Numbers are dissector index + 1. */
export interface ClaimTables {
  readonly udpPort: Uint8Array;
  readonly tcpPort: Uint8Array;
  /** By first octet of the payload: dissectors with a heuristic, in order of the list. */
  readonly udpHeuristics: readonly (readonly number[])[];
  readonly tcpHeuristics: readonly (readonly number[])[];
  readonly mediaTypes: ReadonlyMap<string, number>;
}

export function compileClaims(dissectors: readonly Dissector[]): ClaimTables {
  const udpPort = new Uint8Array(65536);
  const tcpPort = new Uint8Array(65536);
  const udpHeuristics: number[][] = Array.from({ length: 256 }, () => []);
  const tcpHeuristics: number[][] = Array.from({ length: 256 }, () => []);
  const mediaTypes = new Map<string, number>();
  dissectors.forEach((dissector, index) => {
    for (const claim of dissector.claims) {
      switch (claim.kind) {
        case 'port': {
          const ports = claim.transport === 'udp' ? udpPort : tcpPort;
          if (ports[claim.port] === 0) ports[claim.port] = index + 1;
          break;
        }
        case 'media-type':
          if (!mediaTypes.has(claim.type)) mediaTypes.set(claim.type, index + 1);
          break;
        case 'heuristic': {
          const [low, high] = claim.firstOctet ?? [0, 255];
          const lists = claim.over === 'udp' ? udpHeuristics : tcpHeuristics;
          for (let octet = low; octet <= high; octet++) lists[octet].push(index + 1);
          break;
        }
      }
    }
  });
  return { udpPort, tcpPort, udpHeuristics, tcpHeuristics, mediaTypes };
}
