/** Recorded captures taken apart and put together otherwise, for tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { readCapture } from '../../engine/engine.ts';
import { MemorySource } from '../../engine/readers/test-source.ts';
import { FrameReader } from '../../engine/store/frame-reader.ts';
import { KeyLog } from '../../engine/tls/key-log.ts';
import { OWN_CAPTURES } from './capture-files.ts';

export const PACKET_BLOCK = 6;
export const SECRETS_BLOCK = 10;

export interface Block {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** The blocks of one of the project's pcapng captures, little-endian. */
export function blocksOf(name: string): Block[] {
  const file = readFileSync(join(OWN_CAPTURES, name));
  const blocks: Block[] = [];
  for (let at = 0; at < file.length; ) {
    const bytes = new Uint8Array(file.subarray(at, at + file.readUInt32LE(at + 4)));
    blocks.push({ type: file.readUInt32LE(at), bytes });
    at += bytes.length;
  }
  return blocks;
}

/** The key log that the secrets blocks hold. */
export function keyLogOf(blocks: readonly Block[]): string {
  return blocks
    .filter(({ type }) => type === SECRETS_BLOCK)
    .map(({ bytes }) => Buffer.from(bytes.subarray(16, 16 + Buffer.from(bytes).readUInt32LE(12))).toString('latin1'))
    .join('\n');
}

export async function readBlocks(blocks: readonly Block[], keyLog?: string): Promise<Capture> {
  const source = new MemorySource(Buffer.concat(blocks.map(({ bytes }) => bytes)));
  const log = new KeyLog();
  log.add(keyLog ?? '');
  const secrets = keyLog === undefined ? {} : { secrets: { keyLog: log, srtpKeys: [] } };
  return readCapture(source, { dissectors: builtIns, fence: false, ...secrets });
}

/** All SIP messages in order, as text read back from the capture. */
export async function sipTexts(capture: Capture): Promise<string[]> {
  const { sip } = capture.calls;
  const reader = new FrameReader(capture.source, capture.store.frames);
  const texts: string[] = [];
  for (let row = 0; row < sip.count; row++) {
    const pieces = sip.pieces.get(row);
    if (pieces === undefined) continue;
    const { bytes, start, length } = await reader.pieces(pieces);
    texts.push(Buffer.from(bytes.subarray(start, start + length)).toString('latin1'));
  }
  return texts;
}
