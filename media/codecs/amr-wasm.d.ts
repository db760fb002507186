/** The part of @audio/decode-amr that is used: opencore-amr as compiled, each call an instance with a memory of its own. */
declare module '*/amr.wasm.js' {
  export interface AmrModule {
    readonly HEAPU8: Uint8Array;
    readonly HEAPF32: Float32Array;
    readonly _malloc: (bytes: number) => number;
    readonly _amr_nb_create: () => number;
    readonly _amr_nb_decode: (handle: number, at: number, length: number) => number;
    readonly _amr_nb_output: () => number;
    readonly _amr_nb_close: (handle: number) => void;
    readonly _amr_wb_create: () => number;
    readonly _amr_wb_decode: (handle: number, at: number, length: number) => number;
    readonly _amr_wb_output: () => number;
    readonly _amr_wb_close: (handle: number) => void;
  }
  export default function createAmr(options: { printErr: () => void }): Promise<AmrModule>;
}
