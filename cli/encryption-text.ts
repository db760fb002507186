import type { StreamEncryption, StreamRow } from '../shared/api.ts';
import { countOf, formatCount } from './format.ts';

const SOURCES = { sdes: 'SDES', dtls: 'DTLS', manual: 'by hand' } as const;

/** `AES_CM_128_HMAC_SHA1_80, SDES, 500 of 500`; `no key`; `authentication failed`: of a stream of so many packets. */
export function encryptionText(encryption: StreamEncryption, packets: number): string {
  const { suite, keySource, decrypted, authenticated, state } = encryption;
  const name = suite ?? 'SRTP';
  switch (state) {
    case 'opened': {
      const isProved = authenticated > 0 || decrypted === 0;
      const count = `${isProved ? authenticated : decrypted} of ${packets}${isProved ? '' : ', not authenticated'}`;
      return [name, ...(keySource === null ? [] : [SOURCES[keySource]]), count].join(', ');
    }
    case 'failed':
      return `${name}, authentication failed`;
    case 'no-key':
      return `${name}, no key`;
    case 'suspected':
      return 'looks encrypted';
  }
}

/** `2 opened (SDES), 1 without a key`; '' where no stream is encrypted. */
export function openingText(rows: readonly StreamRow[]): string {
  const encrypted = rows.flatMap(({ encryption }) => encryption ?? []);
  const opened = encrypted.filter(({ state }) => state === 'opened');
  const sources = new Set(opened.flatMap(({ keySource }) => (keySource === null ? [] : SOURCES[keySource])));
  const of = (...states: StreamEncryption['state'][]): number =>
    encrypted.filter(({ state }) => states.includes(state)).length;
  const counts: [number, string][] = [
    [opened.length, `opened${sources.size === 0 ? '' : ` (${[...sources].join(', ')})`}`],
    [of('failed'), 'that no key authenticates'],
    [of('no-key'), 'without a key'],
    [of('suspected'), 'that only look encrypted'],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return parts.join(', ');
}

/** What to provide so that streams open, each sentence once: the commonest first, `limit` of them at most. */
export function adviceOf(rows: readonly StreamRow[], limit: number): string[] {
  const counts = new Map<string, number>();
  for (const { encryption } of rows) {
    const advice = encryption?.advice;
    if (advice != null) counts.set(advice, (counts.get(advice) ?? 0) + 1);
  }
  const listed = [...counts].toSorted((a, b) => b[1] - a[1]).map(([advice]) => advice);
  return listed.slice(0, limit);
}

/** `2 of 3 streams are sealed`, in words that go before a full stop; '' where all can be heard. */
export function sealedText(rows: readonly StreamRow[]): string {
  const sealed = rows.filter(({ encryption }) => encryption !== null && encryption.state !== 'opened').length;
  return sealed === 0 ? '' : `${countOf(sealed, 'stream is', 'streams are')} encrypted and not opened`;
}
