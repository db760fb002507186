import type { CaptureSource } from '../../shared/engine-api.ts';

let held: File | null = null;

/** Keeps a dropped file within the engine's reach. */
export function holdBlob(file: File): CaptureSource {
  held = file;
  return { kind: 'blob', name: file.name, lengthBytes: file.size };
}

/** Octets of the file held; short at its end. Rejects where there is none, or it changed since it was dropped. */
export async function readBlob(offset: number, length: number): Promise<Uint8Array> {
  if (held === null) throw new Error('The dropped file is not there any more.');
  return new Uint8Array(await held.slice(offset, offset + length).arrayBuffer());
}
