import { describe, expect, it } from 'vitest';
import type { FramePiece } from './ip-issues.ts';
import type { PieceLookup } from './tcp-pieces.ts';
import { type TcpConsumer, TcpFlag, TcpReassembly, type TcpReassemblyOptions } from './tcp-reassembly.ts';

const { Fin, Syn, Rst, Psh, Ack } = TcpFlag;

/** Writes down what it is told. `take` decides how many of the octets offered it consumes. */
class Recorder implements TcpConsumer {
  readonly events: string[] = [];
  readonly pieces: FramePiece[] = [];
  sawFrameBytes = false;
  take: (text: string) => number = (text) => text.length;
  frameBytes: Uint8Array | null = null;

  data(_flow: number, bytes: Uint8Array, at: number, length: number, pieces: PieceLookup): number {
    this.sawFrameBytes = bytes === this.frameBytes;
    const text = String.fromCharCode(...bytes.subarray(at, at + length));
    const taken = this.take(text);
    if (taken > 0) {
      this.events.push(text.slice(0, taken));
      this.pieces.push(...pieces.pieces(at, taken));
    }
    return taken;
  }
  gap(_flow: number, lostBytes: number, frame: number): void {
    this.events.push(`<gap ${lostBytes} @${frame}>`);
  }
  end(): void {
    this.events.push('<end>');
  }
}

/** Lines, as a consumer that needs whole messages sees them. */
const byLine = (text: string) => text.indexOf('\n') + 1;

class Bench {
  readonly recorder = new Recorder();
  readonly tcp: TcpReassembly;
  frame = 0;
  timeMs = 0;

  constructor(options?: TcpReassemblyOptions) {
    this.tcp = new TcpReassembly(this.recorder, options);
  }

  /** A segment whose payload begins at octet 54 of its frame. */
  send(sequence: number, text: string, flags: number = Ack, flow = 1, wireLength = text.length): this {
    const bytes = new Uint8Array(60 + text.length);
    for (let i = 0; i < text.length; i++) bytes[60 + i] = text.charCodeAt(i);
    this.recorder.frameBytes = bytes;
    const frame = this.frame++;
    this.tcp.segment(flow, frame, this.timeMs, sequence >>> 0, flags, bytes, 60, text.length, wireLength, 54);
    return this;
  }

  get events(): string[] {
    return this.recorder.events;
  }
  get issues(): string[] {
    return this.tcp.issues.list.map((issue) => issue.code);
  }
}

describe('TcpReassembly', () => {
  it('hands segments that arrive in order on in their frame', () => {
    const bench = new Bench();
    bench.send(99, '', Syn).send(100, 'abc');
    expect(bench.recorder.sawFrameBytes).toBe(true);
    bench.send(103, 'def').send(106, '', Fin | Ack);
    expect(bench.events).toEqual(['abc', 'def', '<end>']);
    expect(bench.recorder.pieces).toEqual([
      { frame: 1, at: 54, length: 3 },
      { frame: 2, at: 54, length: 3 },
    ]);
    expect(bench.tcp.heldBytes).toBe(0);
    expect(bench.issues).toEqual([]);
  });

  it('keeps what the consumer leaves, and says which frames hold a message', () => {
    const bench = new Bench();
    bench.recorder.take = byLine;
    bench.send(100, 'one\ntw').send(106, 'o').send(107, '\nthree\nfo').send(116, 'ur\n');
    expect(bench.events).toEqual(['one\n', 'two\n', 'three\n', 'four\n']);
    expect(bench.recorder.pieces).toEqual([
      { frame: 0, at: 54, length: 4 },
      { frame: 0, at: 58, length: 2 },
      { frame: 1, at: 54, length: 1 },
      { frame: 2, at: 54, length: 1 },
      { frame: 2, at: 55, length: 6 },
      { frame: 2, at: 61, length: 2 },
      { frame: 3, at: 54, length: 3 },
    ]);
    expect(bench.tcp.heldBytes).toBe(0);
  });

  it('orders segments and drops retransmissions', () => {
    const bench = new Bench();
    bench.send(100, 'ab').send(106, 'gh').send(104, 'ef').send(100, 'ab').send(102, 'cd').send(104, 'ef');
    expect(bench.events).toEqual(['ab', 'cd', 'ef', 'gh']);
    expect(bench.recorder.pieces.map((piece) => piece.frame)).toEqual([0, 4, 2, 1]);
    expect(bench.issues).toEqual([]);
  });

  it('takes only the new octets of a segment that repeats some', () => {
    const bench = new Bench();
    bench.send(100, 'abcd').send(102, 'cdef').send(108, 'ij').send(104, 'efghijkl');
    expect(bench.events.join('')).toBe('abcdefghijkl');
    expect(bench.recorder.pieces.at(1)).toEqual({ frame: 1, at: 56, length: 2 });
    expect(bench.issues).toEqual([]);
  });

  it('lets the first octets win where segments overlap differently, and tells', () => {
    const waiting = new Bench();
    waiting.send(100, 'ab').send(104, 'ef').send(103, 'dXXg').send(102, 'c');
    expect(waiting.events.join('')).toBe('abcdefg');
    expect(waiting.issues).toEqual(['tcp-overlap-differs']);

    const left = new Bench();
    left.recorder.take = byLine;
    left.send(100, 'abcd').send(102, 'XX\n');
    expect(left.events).toEqual(['abcd\n']);
    expect(left.issues).toEqual(['tcp-overlap-differs']);
  });

  it('follows the sequence number past 2^32', () => {
    const bench = new Bench();
    bench.send(0xfffffffd, '', Syn).send(0xfffffffe, 'ab').send(2, 'ef').send(0, 'cd').send(4, '', Fin);
    expect(bench.events).toEqual(['ab', 'cd', 'ef', '<end>']);
  });

  it('begins in the middle where no SYN was captured', () => {
    const bench = new Bench();
    bench.send(5000, '').send(5000, 'ab').send(5002, 'cd');
    expect(bench.events).toEqual(['ab', 'cd']);
  });

  it('takes keep-alive probes for what they are (RFC 9293 3.8.4)', () => {
    const bench = new Bench();
    bench.recorder.take = byLine;
    bench.send(100, 'ab').send(101, '\0').send(101, '').send(102, 'c\n').send(103, '\0');
    expect(bench.events).toEqual(['abc\n']);
    expect(bench.issues).toEqual([]);
    const first = new Bench();
    first.send(99, '\0').send(100, 'ab');
    expect(first.events).toEqual(['ab']);
  });

  it('takes the octet of a zero-window probe once', () => {
    const bench = new Bench();
    bench.send(100, 'ab').send(102, 'c').send(102, 'c').send(102, 'cdef');
    expect(bench.events.join('')).toBe('abcdef');
  });

  it('takes data on the SYN (RFC 7413)', () => {
    const bench = new Bench();
    bench.send(99, 'ab', Syn).send(99, 'ab', Syn).send(102, 'cd');
    expect(bench.events).toEqual(['ab', 'cd']);
  });

  it('begins anew with a new connection on the same ports', () => {
    const bench = new Bench();
    bench.recorder.take = byLine;
    bench.send(99, '', Syn).send(100, 'old\nrest').send(70_000, '', Syn).send(70_001, 'new\n');
    expect(bench.events).toEqual(['old\n', '<end>', 'new\n']);
    const reset = new Bench();
    reset.send(99, '', Syn).send(100, 'ab').send(102, '', Rst).send(9, '', Syn).send(10, 'cd');
    expect(reset.events).toEqual(['ab', '<end>', 'cd']);
  });

  it('leaves out the text of a reset and ends', () => {
    const bench = new Bench();
    bench
      .send(100, 'ab')
      .send(104, 'ef')
      .send(106, 'why', Rst | Ack);
    expect(bench.events).toEqual(['ab', '<gap 2 @1>', 'ef', '<end>']);
  });

  it('ends only once the octets before FIN came', () => {
    const bench = new Bench();
    bench.send(100, 'ab').send(104, 'ef', Fin).send(102, 'cd').send(104, 'ef', Fin);
    expect(bench.events).toEqual(['ab', 'cd', 'ef', '<end>']);
  });

  it('skips a hole when the receiver acknowledges past it', () => {
    const bench = new Bench();
    bench.recorder.take = byLine;
    bench.send(100, 'a\nb').send(106, 'c\n');
    bench.tcp.acknowledge(1, 103);
    expect(bench.events).toEqual(['a\n']);
    bench.tcp.acknowledge(1, 108);
    expect(bench.events).toEqual(['a\n', '<gap 3 @1>', 'c\n']);
    bench.tcp.acknowledge(1, 112);
    bench.send(110, 'd\n');
    expect(bench.events).toEqual(['a\n', '<gap 3 @1>', 'c\n', '<gap 2 @2>', 'd\n']);
    expect(bench.issues).toEqual(['tcp-gap', 'tcp-gap']);
  });

  it('waits for a segment captured after its acknowledgement', () => {
    const bench = new Bench();
    bench.send(100, 'ab');
    bench.tcp.acknowledge(1, 106);
    bench.send(102, 'cd').send(104, 'ef');
    expect(bench.events).toEqual(['ab', 'cd', 'ef']);
  });

  it('skips a hole after three seconds of capture time, and at the end', () => {
    const bench = new Bench();
    bench.send(100, 'ab').send(104, 'ef');
    bench.timeMs = 3000;
    bench.send(108, 'ij');
    expect(bench.events).toEqual(['ab']);
    bench.timeMs = 3001;
    bench.send(100, 'ab');
    expect(bench.events).toEqual(['ab', '<gap 2 @1>', 'ef']);
    bench.tcp.finish();
    expect(bench.events.slice(3)).toEqual(['<gap 2 @2>', 'ij']);
    expect(bench.tcp.flowCount).toBe(0);
    expect(bench.tcp.heldBytes).toBe(0);
  });

  it('skips a hole when too much waits behind it', () => {
    const bench = new Bench({ maxWaitingBytes: 1000 });
    bench.send(100, 'ab').send(104, 'x'.repeat(400)).send(504, 'y'.repeat(400));
    expect(bench.events).toEqual(['ab', '<gap 2 @1>', 'x'.repeat(400), 'y'.repeat(400)]);
  });

  it('goes on behind the part of a segment that the capture cut off', () => {
    const bench = new Bench();
    bench.send(100, 'abcd', Ack, 1, 10).send(110, 'kl');
    expect(bench.events).toEqual(['abcd', '<gap 6 @0>', 'kl']);
  });

  it('tells a jump no window allows', () => {
    const bench = new Bench();
    bench.send(1000, 'ab').send(0x7000_0000, 'cd').send(0x7000_0002, 'ef').send(500, 'gh');
    expect(bench.events).toEqual(['ab', `<gap ${0x7000_0000 - 1002} @1>`, 'cd', 'ef', '<gap 0 @3>', 'gh']);
  });

  it('forgets a flow the consumer does not want, until a new connection', () => {
    const bench = new Bench();
    bench.recorder.take = () => -1;
    bench.send(100, 'ab', Ack, 5000);
    expect(bench.tcp.flowCount).toBe(0);
    bench.recorder.take = (text) => text.length;
    bench.send(102, 'cd', Ack, 5000);
    expect(bench.events).toEqual([]);
    bench.send(99, '', Syn, 5000).send(100, 'ef', Ack, 5000);
    expect(bench.events).toEqual(['ef']);
  });

  it('survives a consumer that forgets the flow it is called for', () => {
    const bench = new Bench();
    bench.recorder.take = (text) => {
      bench.tcp.forget(1);
      return text.length;
    };
    bench.send(100, 'ab').send(104, 'ef').send(102, 'cd');
    expect(bench.tcp.flowCount).toBe(0);
    expect(bench.tcp.heldBytes).toBe(0);
  });

  it('drops what never becomes a message', () => {
    const bench = new Bench({ maxLeftBytes: 3000 });
    bench.recorder.take = byLine;
    for (let i = 0; i < 3; i++) bench.send(100 + i * 1000, 'x'.repeat(1000), Psh);
    bench.send(3100, 'y\n');
    expect(bench.events).toEqual(['<gap 3000 @2>', 'y\n']);
    expect(bench.issues).toEqual(['tcp-limit']);
  });

  it('holds the bounds on flows and octets, dropping the longest idle first', () => {
    const bench = new Bench({ maxFlows: 3, maxBytes: 20_000 });
    bench.recorder.take = byLine;
    for (let flow = 1; flow <= 3; flow++) bench.send(100, 'part', Ack, flow);
    bench.send(104, ' more', Ack, 1);
    bench.send(100, 'x', Psh, 4);
    expect(bench.tcp.flowCount).toBe(3);
    expect(bench.events).toEqual(['<gap 0 @4>']);
    bench.send(109, '\n', Ack, 1);
    expect(bench.events.at(-1)).toBe('part more\n');

    for (let i = 0; i < 50; i++) {
      bench.send(1000 + i * 1000, 'z'.repeat(900), Ack, 10 + (i % 3));
      expect(bench.tcp.heldBytes).toBeLessThanOrEqual(20_000);
    }
    expect(bench.tcp.issues.count('tcp-limit')).toBeGreaterThan(1);
  });
});
