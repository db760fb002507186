import { suiteByProfile } from '../../media/srtp/suites.ts';
import type { Capture } from '../capture.ts';
import { possibleProfiles } from '../tls/dtls-keys.ts';
import type { DtlsSession } from '../tls/dtls-session.ts';

/**
 * Streams that go the way of a DTLS handshake which agreed on SRTP (RFC 5764) are encrypted, whatever signalling says or
 * leaves out. Called before keys are tried.
 */
export function markByHandshakes({ store, streams, dtls }: Capture): void {
  if (dtls.sessions.length === 0) return;
  const { reverse } = store.flows;
  const byFlow = new Map<number, DtlsSession>();
  for (const session of dtls.sessions) {
    if (possibleProfiles(session).length === 0) continue;
    for (const flow of [session.clientFlow, session.serverFlow]) {
      if (flow === 0) continue;
      byFlow.set(flow, session);
      if (reverse[flow] !== 0) byFlow.set(reverse[flow], session);
    }
  }
  for (const stream of streams.streams) {
    const session = byFlow.get(stream.flow);
    if (session === undefined || stream.encryption !== null || stream.lastFrame < session.firstFrame) continue;
    const profile = session.srtpProfile;
    stream.encryption = {
      suite: profile === null ? null : (suiteByProfile(profile)?.name ?? null),
      keySource: 'dtls',
      evidence: 'handshake',
      opening: null,
      keysInVain: 0,
      packetsTried: 0,
    };
  }
}
