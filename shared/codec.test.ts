import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from './codec.ts';

/** A message written by hand, by the format of the comment at the head of codec.ts. */
function message(head: string, tail: readonly number[] = []): Uint8Array {
  const text = Buffer.from(head);
  const bytes = Buffer.alloc(4 + text.length + tail.length);
  bytes.writeUInt32LE(text.length, 0);
  text.copy(bytes, 4);
  bytes.set(tail, 4 + text.length);
  return bytes;
}

describe('what comes back is what went in', () => {
  it.each([
    ['nothing', null],
    ['text', 'ä€😀\u0000"'],
    ['a number', -1.5e300],
    ['an empty list', []],
    ['a call', { kind: 'call', id: 7, method: 'rows.page', params: { query: { sort: null }, from: 0 } }],
    ['octets alone', new Uint8Array([0, 255, 7])],
    ['octets in a list', [1, new Uint8Array([1]), [new Uint8Array(0)]]],
    [
      'every kind',
      {
        u8: new Uint8Array([1, 2, 3]),
        i16: new Int16Array([-32768, 32767]),
        u32: new Uint32Array([0, 4294967295]),
        f32: new Float32Array([Number.NaN, Number.POSITIVE_INFINITY, 0.5]),
        f64: new Float64Array([Math.PI, Number.NaN, -0]),
      },
    ],
    ['peaks', { lanes: [{ min: new Float32Array([-1]), max: new Float32Array([1]), rms: new Float32Array([0.1]) }] }],
    ['names that look like the format', { value: 1, parts: [{ path: [], type: 'u8', length: 0 }], path: null }],
    ['a key that is a number', { 3: new Uint8Array([3]), '-1': 'x' }],
  ])('%s', (_name, value) => {
    // The oracle is Node's own structured clone, which the other transport uses.
    expect(decodeMessage(encodeMessage(value))).toEqual(deserialize(serialize(value)));
  });

  it('leaves out keys that are undefined, and leaves what it encodes as it was', () => {
    const bytes = new Uint8Array([1]);
    const value = { a: undefined, b: { bytes, c: 1 } };
    expect(Object.keys(decodeMessage(encodeMessage(value)) as object)).toEqual(['b']);
    expect(value.b.bytes).toBe(bytes);
  });

  it('takes only the part of a buffer that a view shows', () => {
    const samples = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
    const encoded = encodeMessage({ samples });
    expect(encoded.length).toBeLessThan(100);
    expect(decodeMessage(encoded)).toEqual({ samples: new Float32Array([2, 3]) });
  });

  it('gives arrays memory of their own, wherever the message lies', () => {
    const encoded = encodeMessage([new Float64Array([Math.E])]);
    for (let shift = 0; shift < 8; shift++) {
      const buffer = new Uint8Array(encoded.length + shift);
      buffer.set(encoded, shift);
      const [array] = decodeMessage(buffer.subarray(shift)) as [Float64Array];
      expect(array[0]).toBe(Math.E);
      expect(array.buffer.byteLength).toBe(8);
    }
  });

  it('follows the written format', () => {
    const head = '{"value":{"a":[1,null]},"parts":[{"path":["a",1],"type":"i16","length":4}]}';
    expect(decodeMessage(message(head, [1, 0, 254, 255]))).toEqual({ a: [1, new Int16Array([1, -2])] });
  });
});

/** A head with one part of two octets, or what `fields` make of it. */
const part = (fields: object): string =>
  JSON.stringify({ value: { a: null }, parts: [{ path: ['a'], type: 'u8', length: 2, ...fields }] });

describe('what is no message is refused', () => {
  it('accepts the message that the others are made from', () => {
    expect(decodeMessage(message(part({}), [1, 2]))).toEqual({ a: new Uint8Array([1, 2]) });
  });

  it.each([
    ['nothing at all', new Uint8Array(0)],
    ['less than a length', new Uint8Array(3)],
    ['a head longer than the message', new Uint8Array([255, 255, 255, 255, 123, 125])],
    ['a head that is no JSON', message('{"value"')],
    ['a head that is no UTF-8', new Uint8Array([2, 0, 0, 0, 0x22, 0xff])],
    ['a head that is a list', message('[]')],
    ['a head that is null', message('null')],
    ['parts that are no list', message('{"value":1,"parts":{"length":1}}')],
    ['a part that is null', message('{"value":null,"parts":[null]}')],
    ['octets that belong to nothing', message('{"value":1,"parts":[]}', [0])],
    ['octets that are missing', message(part({}), [1])],
    ['a length below nothing', message(part({ length: -1 }))],
    ['a length that is no whole number', message(part({ length: 1.5 }), [1, 2])],
    ['a length beyond all memory', message(part({ length: 2 ** 52 }), [1, 2])],
    ['half an element', message(part({ type: 'u32' }), [1, 2])],
    ['an unknown type', message(part({ type: 'constructor' }), [1, 2])],
    ['a path that is no list', message(part({ path: 'a' }), [1, 2])],
    ['a path to nowhere', message(part({ path: ['b'] }), [1, 2])],
    ['a path through a number', message(part({ path: ['a', 'b'] }), [1, 2])],
    ['a path into a prototype', message(part({ path: ['__proto__', 'polluted'] }), [1, 2])],
    ['a path into a constructor', message(part({ path: ['constructor', 'polluted'] }), [1, 2])],
    ['a path to what is not null', message('{"value":5,"parts":[{"path":[],"type":"u8","length":0}]}')],
    [
      'a prototype to be replaced',
      message('{"value":{"__proto__":null},"parts":[{"path":["__proto__"],"type":"u8","length":0}]}'),
    ],
    [
      'two arrays in one place',
      message('{"value":null,"parts":[{"path":[],"type":"u8","length":0},{"path":[],"type":"u8","length":0}]}'),
    ],
    [
      'an array in an array',
      message('{"value":null,"parts":[{"path":[],"type":"u8","length":1},{"path":[0],"type":"u8","length":0}]}', [0]),
    ],
  ])('%s', (_name, bytes) => {
    expect(() => decodeMessage(bytes)).toThrow(Error);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('a message cut anywhere', () => {
    const encoded = encodeMessage({ a: new Uint8Array([1, 2, 3]), b: 'x' });
    for (let length = 0; length < encoded.length; length++) {
      expect(() => decodeMessage(encoded.subarray(0, length))).toThrow(Error);
    }
  });

  it('nesting without end, both ways', () => {
    const depth = 200_000;
    const head = `{"value":${'['.repeat(depth)}${']'.repeat(depth)},"parts":[]}`;
    const decode = (): unknown => decodeMessage(message(head));
    // Whether the engine's own parser takes it or not, it is a value or an Error.
    try {
      expect(Array.isArray(decode())).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => encodeMessage(circle)).toThrow(Error);
  });

  it('a typed array that has no name in the format', () => {
    expect(() => encodeMessage({ a: new BigInt64Array(1) })).toThrow(TypeError);
  });
});
