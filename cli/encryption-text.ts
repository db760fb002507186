import type { StreamEncryption, StreamRow } from '../shared/api.ts';
import { countOf, formatCount } from './format.ts';

/** Of those that a sentence is about. */
const STREAMS_NAMED = 4;
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

/** What to provide so that streams open, `s1, s2: …`, each sentence once: the commonest first, `limit` of them at most. */
export function adviceOf(rows: readonly StreamRow[], limit: number): string[] {
  const streams = new Map<string, string[]>();
  for (const { id, encryption } of rows) {
    if (encryption?.advice == null) continue;
    const ids = streams.get(encryption.advice);
    if (ids === undefined) streams.set(encryption.advice, [id]);
    else ids.push(id);
  }
  const listed = [...streams].toSorted((a, b) => b[1].length - a[1].length).slice(0, limit);
  return listed.map(([advice, ids]) => `${idsText(ids)}: ${advice}`);
}

function idsText(ids: readonly string[]): string {
  const more = ids.length - STREAMS_NAMED;
  return more <= 0 ? ids.join(', ') : `${ids.slice(0, STREAMS_NAMED).join(', ')} and ${formatCount(more)} more`;
}

/** `2 streams are encrypted and not opened`; '' where all can be heard. */
export function sealedText(rows: readonly StreamRow[]): string {
  const sealed = rows.filter(({ encryption }) => encryption !== null && encryption.state !== 'opened').length;
  return sealed === 0 ? '' : `${countOf(sealed, 'stream is', 'streams are')} encrypted and not opened`;
}
