/** The part of libopus-wasm that is used: libopus as compiled, each call an instance with a memory of its own. */
declare module '*/libopus.generated.mjs' {
  export interface OpusModule {
    readonly HEAPU8: Uint8Array;
    readonly HEAP16: Int16Array;
    readonly _malloc: (bytes: number) => number;
    readonly _oc_create_decoder: (sampleRate: number, channels: number, errorAt: number) => number;
    readonly _oc_destroy_decoder: (decoder: number) => void;
    /** Samples a channel, below 0 what went wrong. Without a packet (at 0, of 0 octets) it conceals `frameSize` samples. */
    readonly _oc_decode: (
      decoder: number,
      packetAt: number,
      packetLength: number,
      samplesAt: number,
      frameSize: number,
      isRepeated: 0 | 1,
    ) => number;
  }
  export default function createOpus(options: { printErr: () => void }): Promise<OpusModule>;
}
