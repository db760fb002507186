/**
 * Messages as text and back: JSON with typed arrays as base64. The function is sent to the page as source, so it uses
 * nothing from outside of itself.
 */
export interface Packing {
  pack(value: unknown): string;
  unpack(text: string): unknown;
}

export function makePacking(): Packing {
  const MARK = '$octets';
  const kinds: Record<string, new (buffer: ArrayBuffer) => ArrayBufferView> = {
    Uint8Array,
    Int16Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  };
  return {
    pack: (value) =>
      JSON.stringify(value, (_key, item: unknown) => {
        if (!ArrayBuffer.isView(item)) return item;
        const bytes = new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
        let text = '';
        for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
        const kind = item.constructor.name === 'Buffer' ? 'Uint8Array' : item.constructor.name;
        return { [MARK]: btoa(text), kind };
      }),
    unpack: (text) =>
      JSON.parse(text, (_key, item: unknown) => {
        if (typeof item !== 'object' || item === null || !(MARK in item)) return item;
        const { [MARK]: octets, kind } = item as unknown as { [MARK]: string; kind: string };
        const binary = atob(octets);
        const bytes = new Uint8Array(binary.length);
        for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
        return new kinds[kind](bytes.buffer);
      }),
  };
}
