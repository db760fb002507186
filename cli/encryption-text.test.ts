import { describe, expect, it } from 'vitest';
import type { StreamEncryption, StreamRow } from '../shared/api.ts';
import { adviceOf, encryptionText, openingText, sealedText } from './encryption-text.ts';

const SUITE = 'AES_CM_128_HMAC_SHA1_80';

function encryption(fields: Partial<StreamEncryption>): StreamEncryption {
  const counts = { decrypted: 0, authenticated: 0, failed: 0, replayed: 0 };
  return { suite: SUITE, keySource: null, ...counts, state: 'no-key', advice: null, ...fields };
}

function rowsOf(...all: (StreamEncryption | null)[]): StreamRow[] {
  // Nothing else of a row is looked at.
  return all.map((each, i) => ({ id: `s${i + 1}`, encryption: each }) as StreamRow);
}

describe('the encryption of a stream', () => {
  it.each<[Partial<StreamEncryption>, string]>([
    [{ state: 'opened', keySource: 'sdes', decrypted: 500, authenticated: 500 }, `${SUITE}, SDES, 500 of 500`],
    [{ state: 'opened', keySource: 'dtls', decrypted: 490, authenticated: 490 }, `${SUITE}, DTLS, 490 of 500`],
    [{ state: 'opened', keySource: 'manual', decrypted: 500 }, `${SUITE}, by hand, 500 of 500, not authenticated`],
    [{ state: 'failed' }, `${SUITE}, authentication failed`],
    [{ state: 'no-key', suite: null }, 'SRTP, no key'],
    [{ state: 'suspected', suite: null }, 'looks encrypted'],
  ])('%j', (fields, text) => {
    expect(encryptionText(encryption(fields), 500)).toBe(text);
  });
});

describe('the encryption of several streams', () => {
  const sealed = encryption({ advice: 'Add a key log.' });
  const failed = encryption({ state: 'failed', advice: 'Enter its key.' });
  const open = (keySource: StreamEncryption['keySource']): StreamEncryption =>
    encryption({ state: 'opened', keySource });

  it('is told in one line', () => {
    expect(openingText(rowsOf(null, open('sdes'), open('dtls'), sealed, sealed, failed))).toBe(
      '2 opened (SDES, DTLS), 1 that no key authenticates, 2 without a key',
    );
    expect(openingText(rowsOf(null, null))).toBe('');
    expect(sealedText(rowsOf(null, open('sdes'), sealed))).toBe('1 stream is encrypted and not opened');
    expect(sealedText(rowsOf(open('sdes')))).toBe('');
  });

  it('comes with what to provide, the commonest first', () => {
    expect(adviceOf(rowsOf(failed, sealed, null, sealed), 3)).toEqual(['s2, s4: Add a key log.', 's1: Enter its key.']);
    expect(adviceOf(rowsOf(failed, sealed, null, sealed), 1)).toEqual(['s2, s4: Add a key log.']);
    const many = adviceOf(rowsOf(...Array.from({ length: 12 }, () => sealed)), 1);
    expect(many).toEqual(['s1, s2, s3, s4 and 8 more: Add a key log.']);
  });
});
