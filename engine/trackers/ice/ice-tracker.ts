import { U32Column } from '../../../base/columns.ts';
import { stunColumns } from '../../../dissectors/stun/columns.ts';
import type { Capture } from '../../capture.ts';
import { Turns } from '../../filter/turns.ts';
import { checkIntegrity } from '../../stun-integrity/check-integrity.ts';
import { readDescriptions } from './descriptions.ts';
import { type DtlsOutcome, dtlsOutcomes } from './dtls-outcome.ts';
import { dtlsByFlow } from './dtls-sent.ts';
import type { IceSession } from './ice-session.ts';
import { iceVerdict } from './ice-verdict.ts';
import { CheckReader } from './read-checks.ts';
import { SessionBuilder } from './session-builder.ts';

/** Rows between two looks at the clock. */
const ROWS_TOGETHER = 4096;

/** Finds the ICE sessions of a capture (RFC 8445), once it was read: pairs, states, and what went wrong first. */
export class IceTracker {
  /** In order of their first packet. */
  sessions: readonly IceSession[] = [];
  /** Session (index + 1) of each STUN row; 0 for none. */
  sessionOfRow = new U32Column();
  /** All DTLS handshakes, those of no session too. */
  handshakes: readonly DtlsOutcome[] = [];

  /** Reads the capture's STUN rows, and back from the file the messages that describe candidates. Rejects with an AbortError when cancelled. */
  async finish(capture: Capture, signal?: AbortSignal): Promise<void> {
    const stun = capture.store.layer('stun', stunColumns);
    if (stun === null) return;
    const reader = new CheckReader(capture.store, stun);
    const turns = new Turns(signal);
    for (let row = 0; row < stun.count; row++) {
      reader.take(row);
      if (row % ROWS_TOGETHER === 0) await turns.wait();
    }
    const descriptions = await readDescriptions(capture, signal);
    const sent = await dtlsByFlow(capture, turns);
    const handshakes = dtlsOutcomes(capture, reader.legs, sent);
    const build = new SessionBuilder(capture, reader, descriptions, handshakes, sent);
    await build.run(turns);
    await checkIntegrity(capture, build.sessions, (row) => reader.pairOf(row), signal);
    for (const session of build.sessions) session.conclusion = iceVerdict(capture, session);
    this.handshakes = handshakes;
    this.sessions = build.sessions;
    this.sessionOfRow = build.sessionOfRow;
  }
}
