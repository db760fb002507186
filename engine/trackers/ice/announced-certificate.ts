import { HandshakeType } from '../../../dissectors/tls/handshake.ts';
import type { Capture } from '../../capture.ts';
import { candidateOf, endsOfPair } from './candidates.ts';
import type { DtlsOutcome } from './dtls-outcome.ts';
import type { IcePair } from './ice-pair.ts';
import type { IceSession } from './ice-session.ts';

/** A handshake with its certificates held against the fingerprints of the session's own descriptions. */
export function checkedAgainst(
  capture: Capture,
  session: IceSession,
  pair: IcePair,
  outcome: DtlsOutcome,
): DtlsOutcome {
  if (outcome.end === 'fingerprint-mismatch') return outcome;
  const { flows } = capture.store;
  const { clientFlow, serverFlow, certificates } = outcome.session;
  const clientEnd = clientFlow !== 0 ? flows.sourceEndpoint(clientFlow) : flows.destinationEndpoint(serverFlow);
  const sideOfClient = endsOfPair(capture.store, pair)[1] === clientEnd || isRemoteEnd(session, clientEnd) ? 1 : 0;
  for (const who of ['client', 'server'] as const) {
    const certificate = certificates[who].at(0);
    if (certificate === undefined) continue;
    const ufrag = pair.generation.ufrags[who === 'client' ? sideOfClient : 1 - sideOfClient];
    const announced = session.descriptions.filter((d) => d.ufrag === ufrag).flatMap((d) => d.fingerprints);
    const own = Object.entries(certificate.fingerprints).map(([hash, value]) => `${hash} ${value}`);
    const hashes = new Set(own.map((value) => value.split(' ')[0]));
    const comparable = announced.filter((value) => hashes.has(value.split(' ')[0]));
    if (comparable.length === 0 || comparable.some((value) => own.includes(value))) continue;
    const frames = outcome.session.messages
      .filter(
        ({ handshakeType, fromClient }) =>
          handshakeType === HandshakeType.Certificate && fromClient === (who === 'client'),
      )
      .map(({ frame }) => frame);
    const endFrame = frames.at(0) ?? outcome.session.firstFrame;
    return { ...outcome, end: 'fingerprint-mismatch', who, frames: [...frames, outcome.session.firstFrame], endFrame };
  }
  return outcome;
}

function isRemoteEnd(session: IceSession, end: string): boolean {
  return candidateOf(session, 1, end) !== null && candidateOf(session, 0, end) === null;
}
