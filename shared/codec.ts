/**
 * Messages of a `Channel` as octets, for transports that carry nothing else (a WebSocket): JSON, and the octets of typed
 * arrays behind it.
 *
 *     u32 LE  length of the head
 *     head    UTF-8 JSON: { value, parts: [{ path, type, length }] }; a typed array is null in `value`
 *     parts   the octets of each part, in order, nothing between them and nothing after
 */

declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

type TypedArray = Uint8Array | Int16Array | Uint32Array | Float32Array | Float64Array;

const CONSTRUCTORS = { u8: Uint8Array, i16: Int16Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };
type PartType = keyof typeof CONSTRUCTORS;

/** Where a typed array stands in the value, what it is, and its length in octets. */
interface Part {
  readonly path: readonly (string | number)[];
  readonly type: PartType;
  readonly length: number;
}

const HEAD_AT = 4;

/**
 * The octets of a value of plain data and typed arrays. What JSON cannot say is lost as JSON loses it: keys that are
 * undefined are left out, NaN and Infinity become null (not those inside typed arrays). Throws a TypeError for other
 * views and whatever JSON refuses.
 */
export function encodeMessage(value: unknown): Uint8Array<ArrayBuffer> {
  const parts: Part[] = [];
  const arrays: TypedArray[] = [];
  const plain = takeOut(value, [], parts, arrays);
  const head = new TextEncoder().encode(JSON.stringify({ value: plain, parts }));
  const length = arrays.reduce((sum, array) => sum + array.byteLength, HEAD_AT + head.length);
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, HEAD_AT);
  let at = HEAD_AT + head.length;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/**
 * The value of a message. Typed arrays own their memory, so they are aligned and can be posted on. Throws an Error where
 * the octets are no message, whatever they are; lengths in them are compared before memory is taken.
 */
export function decodeMessage(bytes: Uint8Array): unknown {
  if (bytes.length < HEAD_AT) throw broken();
  const headLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  let at = HEAD_AT + headLength;
  if (at > bytes.length) throw broken();
  const head: unknown = JSON.parse(
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(HEAD_AT, HEAD_AT + headLength)),
  );
  if (!isHead(head)) throw broken();
  const holder: { value: unknown } = { value: head.value };
  for (const part of head.parts) {
    if (!isPart(part)) throw broken();
    const kind = CONSTRUCTORS[part.type];
    if (part.length > bytes.length - at || part.length % kind.BYTES_PER_ELEMENT !== 0) throw broken();
    const copy = new Uint8Array(part.length);
    copy.set(bytes.subarray(at, at + part.length));
    putIn(holder, part.path, new kind(copy.buffer));
    at += part.length;
  }
  if (at !== bytes.length) throw broken();
  return holder.value;
}

/** The value with null for each typed array; what holds none is not copied. */
function takeOut(value: unknown, path: (string | number)[], parts: Part[], arrays: TypedArray[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const array = value as TypedArray;
    parts.push({ path: [...path], type: typeOf(value), length: value.byteLength });
    arrays.push(array);
    return null;
  }
  const before = parts.length;
  const replaced: [string | number, unknown][] = [];
  const isList = Array.isArray(value);
  const keys = isList ? value.keys() : Object.keys(value);
  for (const key of keys) {
    const child = (value as Record<string | number, unknown>)[key];
    if (typeof child !== 'object' || child === null) continue;
    path.push(key);
    const count = parts.length;
    const plain = takeOut(child, path, parts, arrays);
    if (parts.length > count) replaced.push([key, plain]);
    path.pop();
  }
  if (parts.length === before) return value;
  if (!isList) return { ...value, ...Object.fromEntries(replaced) };
  const copy: unknown[] = [...value];
  for (const [key, plain] of replaced) copy[key as number] = plain;
  return copy;
}

function typeOf(view: ArrayBufferView): PartType {
  for (const [type, kind] of Object.entries(CONSTRUCTORS)) if (view instanceof kind) return type as PartType;
  throw new TypeError('A message cannot carry this kind of typed array.');
}

/** Puts an array where its null is; own properties only, so that no path leads into a prototype. */
function putIn(holder: { value: unknown }, path: readonly (string | number)[], array: TypedArray): void {
  let parent: unknown = holder;
  let key: string | number = 'value';
  for (const step of path) {
    parent = own(parent, key);
    key = step;
  }
  if (own(parent, key) !== null) throw broken();
  (parent as Record<string | number, unknown>)[key] = array;
}

function own(parent: unknown, key: string | number): unknown {
  if (typeof parent !== 'object' || parent === null || ArrayBuffer.isView(parent)) throw broken();
  // Setting this name would set a prototype, even where it is an own property.
  if (key === '__proto__' || !Object.hasOwn(parent, key)) throw broken();
  return (parent as Record<string | number, unknown>)[key];
}

function isHead(head: unknown): head is { value: unknown; parts: unknown[] } {
  return typeof head === 'object' && head !== null && 'value' in head && 'parts' in head && Array.isArray(head.parts);
}

function isPart(part: unknown): part is Part {
  if (typeof part !== 'object' || part === null) return false;
  const { path, type, length } = part as Record<string, unknown>;
  return (
    Array.isArray(path) &&
    path.every((step) => typeof step === 'string' || typeof step === 'number') &&
    typeof type === 'string' &&
    Object.hasOwn(CONSTRUCTORS, type) &&
    typeof length === 'number' &&
    Number.isSafeInteger(length) &&
    length >= 0
  );
}

function broken(): Error {
  return new Error('The octets are no message.');
}
