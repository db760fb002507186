import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerRange } from '../shared/byte-range.ts';
import type { EngineTap } from '../shared/engine-tap.ts';

const PIECE_BYTES = 256 << 10;

/**
 * The WAV of a plan, or the range asked for, in pieces: the next is asked of the engine when the browser has taken the
 * last. Rejects, before anything is sent, where the engine has no such audio any more.
 */
export async function serveAudio(
  request: IncomingMessage,
  response: ServerResponse,
  { own }: EngineTap,
  id: string,
  wavBytes: number,
): Promise<void> {
  const { range, 'if-range': ifRange } = request.headers;
  const answer = answerRange(wavBytes, range ?? null, typeof ifRange === 'string' ? ifRange : null);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { signal } = gone;
  const pieceAt = (at: number): Promise<Uint8Array> =>
    own.call('audio.wav', { id, at, length: Math.min(PIECE_BYTES, answer.to - at) }, { signal });

  let piece = request.method === 'HEAD' || answer.from === answer.to ? null : await pieceAt(answer.from);
  response.writeHead(answer.status, { ...answer.headers, 'Content-Type': 'audio/wav' });
  try {
    for (let at = answer.from; piece !== null; piece = at < answer.to ? await pieceAt(at) : null) {
      if (piece.length === 0 || piece.length > answer.to - at) throw new Error('the engine gave another length');
      at += piece.length;
      if (!response.write(piece)) await once(response, 'drain', { signal });
    }
    response.end();
  } catch {
    // Too late for another status: the browser sees that the rest is missing.
    response.destroy();
  }
}
