import { describe, expect, it } from 'vitest';
import { type Claim, type Dissector, Verdict } from '../../dissectors/dissector.ts';
import { compileClaims } from './claims.ts';

function claiming(...claims: readonly Claim[]): Dissector {
  return {
    id: 'x',
    label: 'X',
    specs: [],
    claims,
    columns: {},
    dissect: () => Verdict.Ok,
    summarize: () => '',
    describe: () => {},
  };
}

describe('compileClaims', () => {
  it('the first dissector of the list has a port, on its own transport only', () => {
    const tables = compileClaims([
      claiming({ kind: 'port', transport: 'udp', port: 5060 }),
      claiming({ kind: 'port', transport: 'udp', port: 5060 }, { kind: 'port', transport: 'tcp', port: 65_535 }),
    ]);
    expect([tables.udpPort[5060], tables.tcpPort[5060], tables.tcpPort[65_535], tables.udpPort[65_535]]).toEqual([
      1, 0, 2, 0,
    ]);
  });

  it('heuristics are listed by first octet, both ends of the range included', () => {
    const tables = compileClaims([
      claiming({ kind: 'heuristic', over: 'udp', firstOctet: [128, 191] }),
      claiming({ kind: 'heuristic', over: 'udp' }, { kind: 'heuristic', over: 'tcp', firstOctet: [255, 255] }),
    ]);
    expect([0, 127, 128, 191, 192, 255].map((octet) => tables.udpHeuristics[octet])).toEqual([
      [2],
      [2],
      [1, 2],
      [1, 2],
      [2],
      [2],
    ]);
    expect([254, 255].map((octet) => tables.tcpHeuristics[octet])).toEqual([[], [2]]);
  });

  it('the first dissector of the list has a media type', () => {
    const claim = { kind: 'media-type', type: 'application/sdp' } as const;
    const { mediaTypes } = compileClaims([claiming(), claiming(claim), claiming(claim)]);
    expect([...mediaTypes]).toEqual([['application/sdp', 2]]);
  });
});
