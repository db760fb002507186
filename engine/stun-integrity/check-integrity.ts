/** MESSAGE-INTEGRITY of ICE's checks against the passwords that SDP announced (RFC 8445 section 7.2.2, RFC 8489 section 14.5). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Octets } from '../../base/octets.ts';
import { StunClass, stunColumns, StunFlag } from '../../dissectors/stun/columns.ts';
import { integrityInput, integrityValue } from '../../dissectors/stun/integrity.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { FrameReader } from '../store/frame-reader.ts';
import type { IcePair } from '../trackers/ice/ice-pair.ts';
import type { IceSession } from '../trackers/ice/ice-session.ts';

/** A wrong password shows in the first checks; who sends later ones has been answered. */
const MOST_OF_SESSION = 64;
const ROWS_TOGETHER = 256;
const SHA1_BYTES = 20;

interface Check {
  readonly row: number;
  readonly session: IceSession;
  /** Side of the sender, and the password of the receiver. */
  readonly side: 0 | 1;
  readonly password: string;
}

/** Whether the octets from the STUN header on carry a MESSAGE-INTEGRITY, at `at`, that was made with this password. */
export function isIntact(message: Octets, at: number, password: string): boolean {
  const value = integrityValue(message, at);
  const input = integrityInput(message, at);
  if (value.length !== SHA1_BYTES || input.length === 0) return false;
  return timingSafeEqual(value, createHmac('sha1', password).update(input).digest());
}

/** Counts in `session.integrity` the first requests of each session that its SDP's passwords prove and disprove. */
export async function checkIntegrity(
  capture: Capture,
  sessions: readonly IceSession[],
  pairOf: (row: number) => IcePair | null,
  signal?: AbortSignal,
): Promise<void> {
  const stun = capture.store.layer('stun', stunColumns);
  if (stun === null) return;
  const checks = wanted(capture, sessions, pairOf);
  const reader = new FrameReader(capture.source, capture.store.frames);
  const turns = new Turns(signal);
  const frame = new Octets(new Uint8Array(0));
  const { flags, integrityAt } = stun.rows.columns;
  for (let from = 0; from < checks.length; from += ROWS_TOGETHER) {
    const some = checks.slice(from, from + ROWS_TOGETHER);
    await reader.load(some.map(({ row }) => stun.frame.get(row)));
    for (const { row, session, side, password } of some) {
      const pieces = stun.pieces.get(row);
      if (pieces === undefined && !reader.read(stun.frame.get(row), frame)) continue;
      const payload = pieces === undefined ? frame.sub(stun.atOf(row)) : await reader.pieces(pieces);
      const header = (flags.get(row) & StunFlag.Framed) === 0 ? 0 : 2;
      const tally = session.integrity[side];
      if (isIntact(payload.sub(header), integrityAt.get(row) - header, password)) tally.right++;
      else if (tally.wrong++ === 0) tally.wrongFrame = stun.frame.get(row);
    }
    await turns.wait();
  }
}

function wanted(
  capture: Capture,
  sessions: readonly IceSession[],
  pairOf: (row: number) => IcePair | null,
): readonly Check[] {
  const stun = capture.store.layer('stun', stunColumns);
  const passwords = new Map<string, string>();
  for (const { descriptions } of sessions) {
    for (const { ufrag, pwd } of descriptions) if (ufrag !== '' && pwd !== '') passwords.set(ufrag, pwd);
  }
  if (stun === null || passwords.size === 0) return [];
  const ofGeneration = new Map(
    sessions.flatMap((session) => session.generations.map((one) => [one, session] as const)),
  );
  const counts = new Uint32Array(sessions.length);
  const found: Check[] = [];
  const c = stun.rows.columns;
  for (let row = 0; row < stun.count; row++) {
    const isWanted = c.class.get(row) === StunClass.Request && c.integrityAt.get(row) > 0;
    if (!isWanted || c.username.get(row) === 0 || (c.flags.get(row) & StunFlag.Truncated) !== 0) continue;
    const pair = pairOf(row);
    const session = pair === null ? undefined : ofGeneration.get(pair.generation);
    if (pair === null || session === undefined || counts[session.index] >= MOST_OF_SESSION) continue;
    const [receiver, sender] = capture.store.strings.text(c.username.get(row)).split(':');
    const password = passwords.get(receiver);
    if (password === undefined || sender === undefined) continue;
    counts[session.index]++;
    found.push({ row, session, side: pair.generation.ufrags[1] === sender ? 1 : 0, password });
  }
  return found;
}
