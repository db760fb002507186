/** What the engine and the thread that decodes files say to each other. */
import type { DecodedFile, FrameFile } from '../../media/codecs/frame-files.ts';

export interface DecodeRequest {
  readonly id: number;
  readonly file: FrameFile;
}

export type DecodeAnswer =
  | { readonly id: number; readonly decoded: DecodedFile }
  /** `isBroken`: the decoder's memory may be anything now. */
  | { readonly id: number; readonly error: string; readonly isBroken: boolean };
