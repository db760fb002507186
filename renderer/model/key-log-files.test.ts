import { expect, test } from 'vitest';
import { looksLikeKeyLog, readKeyLogs } from './key-log-files.ts';

const RANDOM = '52362c10a2665e323a2adb4b9da0c10d4a8823719272f8b4c97af24f92784812';
const SECRET = '9F9A0F19A02BDDBE1A05926597D622CCA06D2AF416A28AD9C03163B87FF1B0C67824BBDB595B32D8027DB566EC04FB25';
const LINE = `CLIENT_RANDOM ${RANDOM} ${SECRET}`;

test('a line of the format makes a key log, whatever is around it', () => {
  expect(looksLikeKeyLog(LINE)).toBe(true);
  expect(looksLikeKeyLog(`# SSL/TLS secrets log file\r\n\r\n${LINE}\r\n`)).toBe(true);
  expect(looksLikeKeyLog(`\ufeff# notes\nEXPORTER_SECRET ${RANDOM} ${RANDOM}\nand so on`)).toBe(true);
});

test('what is none', () => {
  expect(looksLikeKeyLog('')).toBe(false);
  expect(looksLikeKeyLog('# only a comment\n')).toBe(false);
  expect(looksLikeKeyLog(`CLIENT_RANDOM ${RANDOM.slice(2)} ${SECRET}`)).toBe(false);
  expect(looksLikeKeyLog('<!doctype html>')).toBe(false);
  // A pcapng file with a Decryption Secrets Block.
  expect(looksLikeKeyLog(`\n\r\r\n\x1c\0\0\0\n${LINE}\n`)).toBe(false);
});

test('files as texts; what is too large for the way to the engine is refused', async () => {
  expect(await readKeyLogs([new File([LINE], 'keys.log')])).toEqual([{ name: 'keys.log', text: LINE }]);
  await expect(readKeyLogs([new File([new Uint8Array(12 << 20).fill(1)], 'odd.log')])).rejects.toThrow('64 MiB');
  const large = { name: 'large.log', size: (64 << 20) + 1 } as File;
  await expect(readKeyLogs([large])).rejects.toThrow('64 MiB');
});
