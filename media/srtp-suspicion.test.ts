import { spawnSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cut, fixture } from '../test/codecs/fixtures.ts';
import { EncryptionEvidence, type EncryptionVerdict, looksEncrypted } from './srtp-suspicion.ts';

/** AES in counter mode, as SRTP has it (RFC 3711 section 4.1.1). */
function encrypted(plain: Uint8Array): Uint8Array {
  return createCipheriv('aes-128-ctr', new Uint8Array(16).fill(3), new Uint8Array(16)).update(plain);
}

/** The verdict over `octets` in packets of 160, each with `tag` more. */
function judge(octets: Uint8Array, tag = 0): EncryptionVerdict {
  const evidence = new EncryptionEvidence();
  const size = 160 + tag;
  for (let at = 0; at + size <= octets.length; at += size) evidence.add(octets, at, size, at === 0 ? 0 : 160);
  return evidence.verdict;
}

test('ciphertext is told by its octets, whatever was encrypted', () => {
  const verdict = judge(encrypted(new Uint8Array(20_000).fill(0xff)));
  expect(verdict).toMatchObject({ encrypted: true, tagBytes: 0 });
  expect(verdict.reason).toContain('random');
});

test('the tag of SRTP is told by the length', () => {
  for (const tag of [4, 10, 14, 16]) {
    expect(judge(encrypted(new Uint8Array(20_000)), tag)).toMatchObject({ encrypted: true, tagBytes: tag });
  }
  // Too few octets to judge: the length decides by itself.
  const short = judge(encrypted(new Uint8Array(1800)), 10);
  expect(short.encrypted).toBe(true);
  expect(short.reason).toContain('10 octets longer');
});

test('octets that are plainly audio outweigh a tag: the null cipher', () => {
  expect(judge(new Uint8Array(20_000).fill(0xd5), 10)).toEqual({ encrypted: false, reason: null, tagBytes: 10 });
});

test('lengths that vary, or are beyond any tag, say nothing', () => {
  const audio = { bytes: new Uint8Array(160).fill(0x55), timestampStep: 0 };
  const steps = (step: number) => looksEncrypted(Array.from({ length: 12 }, () => ({ ...audio, timestampStep: step })));
  expect(steps(160)).toMatchObject({ encrypted: false, tagBytes: 0 });
  expect(steps(80)).toMatchObject({ encrypted: false, tagBytes: 0 });
  expect(steps(150)).toMatchObject({ encrypted: true, tagBytes: 10 });
  const mixed = Array.from({ length: 12 }, (_, i) => ({ ...audio, timestampStep: i % 2 === 0 ? 150 : 160 }));
  expect(looksEncrypted(mixed)).toMatchObject({ encrypted: false, tagBytes: 0 });
  expect(looksEncrypted([])).toEqual({ encrypted: false, reason: null, tagBytes: 0 });
});

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

describe.skipIf(!has('sox'))('what is audible is never taken for encrypted (needs sox)', () => {
  const SOUNDS: Record<string, string[]> = {
    silence: ['trim', '0', '5'],
    'loud white noise': ['synth', '5', 'whitenoise'],
    'faint white noise': ['synth', '5', 'whitenoise', 'vol', '0.01'],
    'noise fading in': ['synth', '5', 'whitenoise', 'fade', 'l', '5', '5'],
    'modulated noise': ['synth', '5', 'whitenoise', 'synth', '5', 'sine', 'amod', '1', '50'],
    'pink noise': ['synth', '5', 'pinknoise'],
    'brown noise': ['synth', '5', 'brownnoise'],
    tone: ['synth', '5', 'sine', '997', 'vol', '0.9'],
    sweep: ['synth', '5', 'sine', '100-3900'],
    chord: ['synth', '5', 'pluck', 'A3', 'synth', '5', 'pluck', 'mix', 'E4'],
    'overdriven chord': ['synth', '5', 'pluck', 'A3', 'synth', '5', 'pluck', 'mix', 'E4', 'overdrive', '20'],
  };
  test.each(Object.keys(SOUNDS))('%s', (sound) => {
    for (const law of ['mu-law', 'a-law']) {
      const source = ['-V1', '-R', '-n', '-r', '8000', '-c', '1', '-t', 'raw', '-e', law, '-'];
      const octets = spawnSync('sox', [...source, ...SOUNDS[sound]], { maxBuffer: 1 << 24 }).stdout;
      expect(octets.length).toBe(40_000);
      expect(judge(octets)).toEqual({ encrypted: false, reason: null, tagBytes: 0 });
      expect(judge(encrypted(octets)).encrypted).toBe(true);
    }
  });
});

describe('codecs whose octets follow the waveform', () => {
  // Octets a timestamp unit, and a second of speech.
  test.each([
    ['speech.g722', 1],
    ['speech.g726-32', 0.5],
    ['speech.g726-24', 0.375],
    ['speech.g726-16', 0.25],
  ])('%s is no ciphertext, and told from it', (file, octetsPerUnit) => {
    const octets = fixture(file);
    const verdictOf = (all: Uint8Array): EncryptionVerdict =>
      looksEncrypted(
        cut(all, 160 * octetsPerUnit).map((bytes) => ({ bytes, timestampStep: 160 })),
        octetsPerUnit,
      );
    expect(verdictOf(octets)).toEqual({ encrypted: false, reason: null, tagBytes: 0 });
    expect(verdictOf(encrypted(octets)).encrypted).toBe(true);
  });
});
