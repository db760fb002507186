/** The shape of `test/captures/srtp-vectors.json`: packets that libsrtp protected, with what they were before. */
import type { SrtpPolicy } from '../policy.ts';
import { suiteByName } from '../suites.ts';
import { fromHex, policyOf } from './policies.ts';

export interface LibsrtpVectors {
  readonly libsrtp: string;
  readonly cases: readonly LibsrtpCase[];
}

/** One sender's packets in order, octets in hexadecimal: plain and protected. */
export interface LibsrtpCase {
  readonly name: string;
  readonly suite: string;
  readonly keyAndSalt: string;
  readonly mki: string;
  /** Rollover counter of the first packet; the sequence number wraps behind the third. */
  readonly roc: number;
  readonly encryptedExtensions: readonly number[];
  readonly rtp: readonly (readonly [string, string])[];
  /** Their indices count from 1. */
  readonly rtcp: readonly (readonly [string, string])[];
}

export function policyOfCase({ suite, keyAndSalt, mki, encryptedExtensions }: LibsrtpCase): SrtpPolicy {
  const keyBytes = suiteByName(suite)?.keyBytes ?? 0;
  const both = fromHex(keyAndSalt);
  return policyOf(suite, both.slice(0, keyBytes), both.slice(keyBytes), { mki: fromHex(mki), encryptedExtensions });
}

/** The index of the nth RTP packet of a case. */
export function indexOfPacket({ roc, rtp }: LibsrtpCase, nth: number): number {
  const [first] = rtp[0];
  return roc * 65536 + Number.parseInt(first.slice(4, 8), 16) + nth;
}
