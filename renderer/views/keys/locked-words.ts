import type { StreamEncryption } from '../../../shared/api.ts';
import { countOf } from '../../model/format/numbers.ts';

/** Whether nobody can hear it yet. */
export function isLocked(encryption: StreamEncryption | null): encryption is StreamEncryption {
  return encryption !== null && encryption.state !== 'opened';
}

/** What is the case with streams that could not be opened, and what to do: one sentence. */
export function lockedTitle(streams: readonly StreamEncryption[]): string {
  const these = streams.length === 1 ? 'This stream' : `These ${countOf(streams.length, 'stream')}`;
  const has = streams.length === 1 ? 'has' : 'have';
  const is = streams.length === 1 ? 'is' : 'are';
  const isAll = (test: (encryption: StreamEncryption) => boolean): boolean => streams.every(test);
  if (isAll(({ state }) => state === 'suspected')) return `${these} ${is} most likely encrypted, and nothing says how.`;
  if (isAll(({ state }) => state === 'failed')) return `No key at hand opens ${these.toLowerCase()}.`;
  if (isAll(({ keySource }) => keySource === 'dtls')) return `${these} ${has} no key: add a key log.`;
  return `${these} ${has} no key: enter it, or add a key log.`;
}

/**
 * `DTLS-SRTP, AES_CM_128_HMAC_SHA1_80.`: how they are encrypted, where it is the same for all; '' where nothing is known.
 * `profile` is what their handshakes agreed on.
 */
export function lockedSuite(streams: readonly StreamEncryption[], profile: string | null = null): string {
  const hows = new Set(
    streams.map(({ keySource, suite }) =>
      [
        keySource === 'dtls' ? 'DTLS-SRTP' : keySource === 'sdes' ? 'SRTP with keys in the SDP' : '',
        suite ?? profile ?? '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    ),
  );
  const [how] = hows;
  return hows.size === 1 && how !== undefined && how !== '' ? `${how}.` : '';
}
