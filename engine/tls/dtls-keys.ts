/** SRTP keys of DTLS handshakes (RFC 5764 section 4.2), by a key log. */
import type { SrtpSuite } from '../../media/srtp/policy.ts';
import { suiteByProfile } from '../../media/srtp/suites.ts';
import type { Capture } from '../capture.ts';
import type { MediaKey } from '../keys/media-key.ts';
import { DTLS_1_0, DTLS_1_3, type DtlsSession } from './dtls-session.ts';
import type { KeyLog } from './key-log.ts';
import { exportKeyingMaterial, exportKeyingMaterial13 } from './key-schedule.ts';
import { suiteHash } from './record-algorithm.ts';

const LABEL = 'EXTRACTOR-dtls_srtp';

export interface DtlsSrtpKeys {
  readonly clientKey: Uint8Array;
  readonly clientSalt: Uint8Array;
  readonly serverKey: Uint8Array;
  readonly serverSalt: Uint8Array;
}

/**
 * Profiles that the handshake may have agreed on: the one chosen, else (version 1.3 hides it) all that were offered. None
 * where the server chose none.
 */
export function possibleProfiles({ version, srtpProfile, offeredProfiles }: DtlsSession): readonly number[] {
  if (srtpProfile !== null) return [srtpProfile];
  return version === DTLS_1_3 ? offeredProfiles : [];
}

/** Both sides' master keys and salts for a suite; null where the log lacks the secret or a hello was not captured. */
export function srtpKeys(session: DtlsSession, keyLog: KeyLog, suite: SrtpSuite): DtlsSrtpKeys | null {
  const { keyBytes, saltBytes } = suite;
  const material = keyingMaterial(session, keyLog, 2 * (keyBytes + saltBytes));
  if (material === null) return null;
  let at = 0;
  const take = (length: number): Uint8Array => material.subarray(at, (at += length));
  return {
    clientKey: take(keyBytes),
    serverKey: take(keyBytes),
    clientSalt: take(saltBytes),
    serverSalt: take(saltBytes),
  };
}

/** Keys for SRTP of all handshakes that the capture's key log knows, each for what its own side sends. */
export function dtlsMediaKeys({ dtls, keyLog }: Capture): MediaKey[] {
  const found: MediaKey[] = [];
  for (const session of dtls.sessions) {
    for (const profile of possibleProfiles(session)) {
      const suite = suiteByProfile(profile);
      const keys = suite === null ? null : srtpKeys(session, keyLog, suite);
      if (suite === null || keys === null) continue;
      found.push(mediaKey(session, suite, 'client', keys.clientKey, keys.clientSalt));
      found.push(mediaKey(session, suite, 'server', keys.serverKey, keys.serverSalt));
    }
  }
  return found;
}

/** Whether the log has what the keys are made of. */
export function hasSrtpSecret({ version, clientRandom }: DtlsSession, keyLog: KeyLog): boolean {
  return clientRandom !== null && keyLog.find(labelOf(version), clientRandom) !== null;
}

/** What a key log calls the secret that an exporter needs. */
export function labelOf(version: number): string {
  return version === DTLS_1_3 ? 'EXPORTER_SECRET' : 'CLIENT_RANDOM';
}

function keyingMaterial(session: DtlsSession, keyLog: KeyLog, lengthBytes: number): Uint8Array | null {
  const { version, clientRandom, serverRandom, cipherSuite } = session;
  if (clientRandom === null || serverRandom === null || cipherSuite === null) return null;
  const secret = keyLog.find(labelOf(version), clientRandom);
  if (secret === null) return null;
  const hash = suiteHash(cipherSuite.name);
  if (version === DTLS_1_3) return exportKeyingMaterial13(hash, 'dtls13', secret, LABEL, lengthBytes);
  // Extended or not: the log has the master secret as it came to be.
  const prfHash = version === DTLS_1_0 ? 'md5-sha1' : hash;
  return exportKeyingMaterial(prfHash, secret, LABEL, clientRandom, serverRandom, lengthBytes);
}

function mediaKey(
  session: DtlsSession,
  suite: SrtpSuite,
  side: 'client' | 'server',
  masterKey: Uint8Array,
  masterSalt: Uint8Array,
): MediaKey {
  return {
    source: 'dtls',
    policy: {
      suite,
      masterKey,
      masterSalt,
      mki: session.srtpMki,
      keyDerivationRate: 0,
      encryptsRtp: true,
      encryptsRtcp: true,
      authenticatesRtp: true,
      encryptedExtensions: [],
    },
    call: -1,
    side,
    frame: session.firstFrame,
    sdpRow: -1,
    tag: -1,
    lifetime: null,
    flow: side === 'client' ? session.clientFlow : session.serverFlow,
    scope: null,
  };
}
