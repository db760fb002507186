/* oxlint-disable unicorn/consistent-function-scoping -- a made-up dissector reads best in the test that needs it */
import { describe, expect, it } from 'vitest';
import type { Octets } from '../../base/octets.ts';
import {
  type Claim,
  Confidence,
  type DissectContext,
  type Dissector,
  type Rows,
  Verdict,
} from '../../dissectors/dissector.ts';
import type { PieceLookup } from '../network/tcp-pieces.ts';
import { CaptureStore } from '../store/capture-store.ts';
import { FlowKind } from '../store/flow-table.ts';
import { FIRST_DISSECTOR, Protocol } from '../store/protocol-list.ts';
import { type DecodeAsRule, parseDecodeAs } from './decode-as.ts';
import { Dispatcher, type DispatcherOptions, type StreamStep } from './dispatcher.ts';

const COLUMNS = { value: 'u8' } as const;
type Columns = typeof COLUMNS;
type Dissect = (data: Octets, out: Rows<Columns>, ctx: DissectContext) => Verdict;

interface Fake {
  readonly claims?: readonly Claim[];
  readonly confidence?: Confidence | (() => never);
  readonly dissect?: Dissect;
}

/** Writes one row with the payload's first octet, and is content. */
const accept: Dissect = (data, out) => {
  out.columns.value.set(out.add(), data.u8(0));
  return Verdict.Ok;
};
const reject: Dissect = (data, out, ctx) => {
  accept(data, out, ctx);
  return Verdict.Reject;
};

const overUdp: Claim = { kind: 'heuristic', over: 'udp' };
const onPort: Claim = { kind: 'port', transport: 'udp', port: 5060 };

/** A dispatcher over made-up dissectors, and what it asked them in order. */
function setUp(fakes: Readonly<Record<string, Fake>>, options: DispatcherOptions = { fence: false }) {
  const asked: string[] = [];
  const dissectors = Object.entries(fakes).map(
    ([id, { claims = [], confidence, dissect = accept }]): Dissector<Columns> => ({
      id,
      label: id,
      specs: [],
      claims,
      columns: COLUMNS,
      ...(confidence === undefined ? {} : { probe: typeof confidence === 'function' ? confidence : () => confidence }),
      dissect: (data, out, ctx) => {
        asked.push(id);
        return dissect(data, out, ctx);
      },
      summarize: () => '',
      describe: () => {},
    }),
  );
  const store = new CaptureStore(dissectors);
  const { layers, flows, issues, strings } = store;
  const dispatcher = new Dispatcher(store.dissectors, layers, flows, issues, strings, options);
  let frame = 0;
  return {
    store,
    asked,
    dispatcher,
    flow: (from: number, to: number, kind: FlowKind = FlowKind.Udp4): number =>
      flows.lookup(kind, 1, 2, ((from << 16) | to) >>> 0),
    /** Gives one datagram; says who took it. */
    give: (flow: number, payload: readonly number[] = [0x80, 1, 2, 3], truncated = false): string => {
      const bytes = Uint8Array.of(0xee, 0xee, ...payload, 0xee);
      const protocol = dispatcher.datagram(flow, bytes, 2, payload.length, truncated, frame++, 42, null);
      return protocol === Protocol.Udp ? 'udp' : Object.keys(fakes)[protocol - FIRST_DISSECTOR];
    },
    rows: (id: string): number => layers[Object.keys(fakes).indexOf(id)].count,
  };
}

function ruleOf(text: string): DecodeAsRule {
  const rule = parseDecodeAs(text, ['chosen']);
  if (typeof rule === 'string') throw new Error(rule);
  return rule;
}

describe('who is asked', () => {
  const everyone = {
    weak: { claims: [overUdp], confidence: Confidence.Weak },
    likely: { claims: [overUdp], confidence: Confidence.Likely },
    port: { claims: [onPort] },
    strong: { claims: [overUdp], confidence: Confidence.Strong },
    chosen: {},
  };

  it('Decode As comes first, for either port of the flow', () => {
    const rule = ruleOf('udp.port==5060,chosen');
    const world = setUp(everyone, { decodeAs: [rule], fence: false });
    expect(world.give(world.flow(1000, 5060))).toBe('chosen');
    expect(world.give(world.flow(5060, 1000))).toBe('chosen');
    expect(world.give(world.flow(1000, 1001))).toBe('strong');
    expect(world.asked).toEqual(['chosen', 'chosen', 'strong']);
    expect([1, 2, 3].map((flow) => world.store.flows.fixed[flow])).toEqual([1, 1, 0]);
  });

  it('a Decode As rule of the other transport is none', () => {
    const rule = ruleOf('tcp.port==5060,chosen');
    const world = setUp(everyone, { decodeAs: [rule], fence: false });
    expect(world.give(world.flow(1000, 5060))).toBe('strong');
  });

  it('what the flow has proved to be comes before a stronger guess', () => {
    const world = setUp({
      ...everyone,
      strong: { claims: [{ ...overUdp, firstOctet: [0x80, 0x80] }], confidence: Confidence.Strong },
    });
    const flow = world.flow(1000, 5060);
    expect(world.give(flow, [0x01])).toBe('port');
    expect(world.give(flow, [0x80])).toBe('port');
    expect(world.asked).toEqual(['port', 'port']);
  });

  it('strong beats the port, the port beats likely, likely beats weak', () => {
    const { weak, likely, port, strong } = everyone;
    const ask = (fakes: Record<string, Fake>): string => {
      const world = setUp(fakes);
      return world.give(world.flow(1000, 5060));
    };
    expect(ask({ weak, likely, port, strong })).toBe('strong');
    expect(ask({ weak, likely, port })).toBe('port');
    expect(ask({ weak, likely })).toBe('likely');
    expect(ask({ weak })).toBe('weak');
    expect(ask({ none: { claims: [overUdp], confidence: Confidence.None } })).toBe('udp');
  });

  it('the destination port comes before the source port', () => {
    const world = setUp({ a: { claims: [onPort] }, b: { claims: [{ ...onPort, port: 5070 }] } });
    expect(world.give(world.flow(5060, 5070))).toBe('b');
    expect(world.give(world.flow(5070, 5060))).toBe('a');
    expect(world.give(world.flow(5060, 9))).toBe('a');
  });

  it('a heuristic is asked about its own first octets only', () => {
    const claims = [{ ...overUdp, firstOctet: [128, 191] }] as const;
    const world = setUp({ rtp: { claims, confidence: Confidence.Strong } });
    const octets = [127, 128, 191, 192];
    expect(octets.map((octet) => world.give(world.flow(1000, octet), [octet]))).toEqual(['udp', 'rtp', 'rtp', 'udp']);
  });

  it('who rejects is passed over, and proves nothing', () => {
    const world = setUp({ ...everyone, strong: { ...everyone.strong, dissect: reject } });
    const flow = world.flow(1000, 5060);
    expect(world.give(flow)).toBe('port');
    expect(world.asked).toEqual(['strong', 'port']);
    expect(world.rows('strong')).toBe(0);
    expect(world.store.flows.dissector[flow]).toBe(3);
  });

  it('a payload that the proved dissector rejects may be another, once; the flow stays what it was', () => {
    const picky: Dissect = (data, out, ctx) => (data.u8(0) === 7 ? reject(data, out, ctx) : accept(data, out, ctx));
    const world = setUp({ port: { claims: [onPort], dissect: picky }, weak: everyone.weak });
    const flow = world.flow(1000, 5060);
    expect([[1], [7], [2]].map((payload) => world.give(flow, payload))).toEqual(['port', 'weak', 'port']);
    expect([world.rows('port'), world.rows('weak')]).toEqual([2, 1]);
    expect(world.store.flows.dissector[flow]).toBe(1);
  });

  it("an empty datagram is nobody's", () => {
    const world = setUp(everyone);
    expect(world.give(world.flow(1000, 5060), [])).toBe('udp');
    expect(world.asked).toEqual([]);
  });
});

describe('what is written down', () => {
  it('frame and offset of the message, for every row of it', () => {
    const two: Dissect = (data, out, ctx) => {
      accept(data, out, ctx);
      return accept(data, out, ctx);
    };
    const world = setUp({ port: { claims: [onPort], dissect: two } });
    world.give(world.flow(1, 5060));
    world.give(world.flow(1, 5060));
    const [layer] = world.store.layers;
    expect([0, 1, 2, 3].map((row) => [layer.frame.get(row), layer.atOf(row)])).toEqual([
      [0, 42],
      [0, 42],
      [1, 42],
      [1, 42],
    ]);
  });

  it('the dissector sees its payload alone, ports, transport and truncation', () => {
    const seen: unknown[] = [];
    const look: Dissect = (data, out, ctx) => {
      seen.push([data.hex(), data.overrun, ctx.sourcePort, ctx.destinationPort, ctx.transport, ctx.truncated]);
      return accept(data, out, ctx);
    };
    const world = setUp({ port: { claims: [onPort], dissect: look } });
    world.give(world.flow(65_535, 5060), [1, 2], true);
    expect(seen).toEqual([['0102', false, 65_535, 5060, 'udp', true]]);
  });

  it('an issue says where in the frame it shows, in a body too', () => {
    const outer: Dissect = (_data, out, ctx) => {
      ctx.issue('outer', 1);
      ctx.child('text/inner', 2, 2, out.add());
      return Verdict.Malformed;
    };
    const inner: Dissect = (data, out, ctx) => {
      ctx.issue('inner', 1);
      return accept(data, out, ctx);
    };
    const world = setUp({
      outer: { claims: [onPort], dissect: outer },
      inner: { claims: [{ kind: 'media-type', type: 'text/inner' }], dissect: inner },
    });
    expect(world.give(world.flow(1, 5060))).toBe('outer');
    const { issues } = world.store;
    expect([0, 1].map((row) => [issues.code(row), issues.at.get(row)])).toEqual([
      ['outer', 43],
      ['inner', 45],
    ]);
  });
});

describe('bodies', () => {
  const body = (type: string): readonly Claim[] => [{ kind: 'media-type', type }];
  /** Hands everything but its first octet on, as `type`. */
  const wrap =
    (type: string, then: Verdict = Verdict.Ok): Dissect =>
    (data, out, ctx) => {
      const row = out.add();
      out.columns.value.set(row, data.u8(0));
      ctx.issue('seen', 0);
      ctx.child(type, 1, data.length - 1, row);
      return then;
    };

  it('go to who claims the media type, whatever its case and parameters, and know their parent', () => {
    const world = setUp({
      outer: { claims: [onPort], dissect: wrap('Text/Inner; charset=utf-8') },
      inner: { claims: body('text/inner') },
    });
    world.give(world.flow(1, 5060));
    world.give(world.flow(1, 5060), [9, 10]);
    const [outer, inner] = world.store.layers;
    expect([outer.count, inner.count]).toEqual([2, 2]);
    expect(inner.rows.columns.value.get(1)).toBe(10);
    expect([inner.parent.get(0), inner.parent.get(1), outer.parent.get(0)]).toEqual([1, 2, 0]);
    expect([inner.frame.get(0), inner.frame.get(1)]).toEqual([0, 1]);
  });

  it('of an unknown media type are left alone, as are parts outside the payload', () => {
    const outside: Dissect = (data, out, ctx) => {
      const row = out.add();
      ctx.child('text/inner', 2, data.length - 1, row);
      ctx.child('text/inner', -1, 2, row);
      ctx.child('text/inner', 0, -1, row);
      ctx.child('text/unknown', 0, 1, row);
      return Verdict.Ok;
    };
    const world = setUp({ outer: { claims: [onPort], dissect: outside }, inner: { claims: body('text/inner') } });
    expect(world.give(world.flow(1, 5060))).toBe('outer');
    expect(world.rows('inner')).toBe(0);
  });

  it('a reject of the message takes back its rows, those of its bodies, and all issues', () => {
    const world = setUp({
      outer: { claims: [onPort], dissect: wrap('text/middle', Verdict.Reject) },
      middle: { claims: body('text/middle'), dissect: wrap('text/inner') },
      inner: { claims: body('text/inner') },
    });
    expect(world.give(world.flow(1, 5060))).toBe('udp');
    expect([world.rows('outer'), world.rows('middle'), world.rows('inner'), world.store.issues.count]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(world.asked).toEqual(['outer', 'middle', 'inner']);
  });

  it('a reject of a body leaves the message and what came before in place', () => {
    const both: Dissect = (_data, out, ctx) => {
      const row = out.add();
      ctx.issue('kept', 0);
      ctx.child('text/good', 0, 1, row);
      ctx.child('text/bad', 0, 1, row);
      return Verdict.Ok;
    };
    const bad: Dissect = (data, out, ctx) => {
      ctx.issue('dropped', 0);
      return reject(data, out, ctx);
    };
    const world = setUp({
      outer: { claims: [onPort], dissect: both },
      good: { claims: body('text/good') },
      bad: { claims: body('text/bad'), dissect: bad },
    });
    expect(world.give(world.flow(1, 5060))).toBe('outer');
    expect([world.rows('outer'), world.rows('good'), world.rows('bad')]).toEqual([1, 1, 0]);
    expect([world.store.issues.count, world.store.issues.code(0)]).toEqual([1, 'kept']);
  });

  it('a reject of a body takes back what that body handed on', () => {
    const world = setUp({
      outer: { claims: [onPort], dissect: wrap('text/middle') },
      middle: { claims: body('text/middle'), dissect: wrap('text/inner', Verdict.Reject) },
      inner: { claims: body('text/inner') },
    });
    expect(world.give(world.flow(1, 5060))).toBe('outer');
    expect([world.rows('outer'), world.rows('middle'), world.rows('inner'), world.store.issues.count]).toEqual([
      1, 0, 0, 1,
    ]);
  });

  it('end at a depth that no real message has', () => {
    const world = setUp({ self: { claims: [onPort, ...body('text/self')], dissect: wrap('text/self') } });
    expect(
      world.give(
        world.flow(1, 5060),
        Array.from({ length: 50 }, (_, i) => i),
      ),
    ).toBe('self');
    expect(world.rows('self')).toBeGreaterThan(2);
    expect(world.rows('self')).toBeLessThan(10);
  });
});

describe('a dissector that throws', () => {
  const thrower: Dissect = (_data, out) => {
    out.add();
    throw new Error('made for the test');
  };

  it('becomes a finding with the fence on, and the flow goes on', () => {
    const world = setUp({ port: { claims: [onPort], dissect: thrower } }, { fence: true });
    expect(world.give(world.flow(1, 5060))).toBe('port');
    expect(world.give(world.flow(1, 5060))).toBe('port');
    const { issues } = world.store;
    expect([issues.count, issues.code(0), issues.frame.get(1)]).toEqual([2, 'dissector-bug', 1]);
  });

  it('fails with the fence off', () => {
    const world = setUp({ port: { claims: [onPort], dissect: thrower } }, { fence: false });
    expect(() => world.give(world.flow(1, 5060))).toThrow('made for the test');
  });

  it('in a body leaves the message whole', () => {
    const outer: Dissect = (_data, out, ctx) => {
      const row = out.add();
      ctx.child('text/bad', 1, 1, row);
      ctx.issue('after', 0);
      return Verdict.Ok;
    };
    const world = setUp(
      {
        outer: { claims: [onPort], dissect: outer },
        bad: { claims: [{ kind: 'media-type', type: 'text/bad' }], dissect: thrower },
      },
      { fence: true },
    );
    expect(world.give(world.flow(1, 5060))).toBe('outer');
    const { issues } = world.store;
    expect([0, 1].map((row) => [issues.code(row), issues.at.get(row)])).toEqual([
      ['dissector-bug', 43],
      ['after', 42],
    ]);
  });

  it('in its probe is no claim', () => {
    const probe = (): never => {
      throw new Error('made for the test');
    };
    const fakes = { bad: { claims: [overUdp], confidence: probe }, port: { claims: [onPort] } };
    const world = setUp(fakes, { fence: true });
    expect(world.give(world.flow(1, 5060))).toBe('port');
    expect(world.store.issues.code(0)).toBe('dissector-bug');
    const open = setUp(fakes, { fence: false });
    expect(() => open.give(open.flow(1, 5060))).toThrow('made for the test');
  });
});

describe('messages of a stream', () => {
  const tcpPort: Claim = { kind: 'port', transport: 'tcp', port: 5060 };

  function stream(dissect: Dissect) {
    const world = setUp({ sip: { claims: [tcpPort], dissect } });
    const flow = world.flow(1, 5060, FlowKind.Tcp4);
    const step: StreamStep = { protocol: 0, consumed: 0, beyond: 0 };
    const give = (length: number, pieces: { frame: number; at: number; length: number }[] = []): StreamStep => {
      const lookup: PieceLookup = { pieces: () => pieces };
      world.dispatcher.streamMessage(flow, new Uint8Array(100), 10, length, 7, lookup, step);
      return { ...step };
    };
    return { world, give };
  }

  it.each([
    ['what the dissector says it took', 30, 30],
    ['all where it says nothing', 0, 50],
    ['all where it says more than there is', 51, 50],
  ])('take %s', (_name, consumed, taken) => {
    const { give } = stream((data, out, ctx) => {
      ctx.consumed = consumed;
      return accept(data, out, ctx);
    });
    expect(give(50)).toMatchObject({ protocol: FIRST_DISSECTOR, consumed: taken });
  });

  it('wait where the dissector needs more, with nothing written', () => {
    const { world, give } = stream((data, out, ctx) => {
      accept(data, out, ctx);
      ctx.issue('early', 0);
      return Verdict.NeedMore;
    });
    expect(give(50).consumed).toBe(0);
    expect([world.rows('sip'), world.store.issues.count]).toEqual([0, 0]);
  });

  it('are refused where nobody claims them', () => {
    const { give } = stream(reject);
    expect(give(50)).toMatchObject({ protocol: Protocol.Tcp, consumed: -1 });
  });

  it('know where they lie: an offset in one frame, pieces over several', () => {
    const { world, give } = stream(accept);
    const pieces = [
      { frame: 5, at: 60, length: 20 },
      { frame: 7, at: 54, length: 30 },
    ];
    give(50, [{ frame: 7, at: 54, length: 50 }]);
    give(50, pieces);
    const [layer] = world.store.layers;
    expect([layer.atOf(0), layer.pieces.get(0), layer.pieces.get(1)]).toEqual([54, undefined, pieces]);
    expect([layer.frame.get(0), layer.frame.get(1)]).toEqual([7, 7]);
  });
});
