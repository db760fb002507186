import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from './failure.ts';
import { readSecrets } from './secrets.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const RANDOM = 'ab'.repeat(32);
const SECRET = 'cd'.repeat(48);
const LINE = `CLIENT_RANDOM ${RANDOM} ${SECRET}`;
const OTHER = `EXPORTER_SECRET ${'12'.repeat(32)} ${'34'.repeat(32)}`;
/** 16 octets of key, 14 of salt. */
const KEY = Buffer.from(Array.from({ length: 30 }, (_, i) => i)).toString('base64');

async function refusal(given: { keyLogs?: string[]; srtpKeys?: string[] }): Promise<[number, string]> {
  try {
    await readSecrets({ keyLogs: [], srtpKeys: [], espSas: [], ...given });
  } catch (error) {
    if (error instanceof Failure) return [error.exit, error.message];
    throw error;
  }
  throw new Error('it was accepted');
}

describe('key logs', () => {
  it('are read together, comments and line ends of any kind included', async () => {
    const one = file('one.log', `# comment\r\n${LINE}\r\n\r\n`);
    const two = file('two.log', `${OTHER}\n${LINE}`);
    const { secrets, notes } = await readSecrets({ keyLogs: [one, two], srtpKeys: [], espSas: [] });
    expect(secrets.keyLog.size).toBe(2);
    expect(secrets.keyLog.labels).toEqual([
      { label: 'CLIENT_RANDOM', count: 1 },
      { label: 'EXPORTER_SECRET', count: 1 },
    ]);
    expect([...secrets.keyLog.lines()]).toEqual([LINE, OTHER]);
    const found = secrets.keyLog.find('CLIENT_RANDOM', Buffer.from(RANDOM, 'hex'));
    expect(Buffer.from(found ?? []).toString('hex')).toBe(SECRET);
    expect(notes).toEqual([]);
  });

  it('are whole where the lines do not end with the pieces a file is read in', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `CLIENT_RANDOM ${i.toString(16).padStart(64, '0')} ${SECRET}`);
    const { secrets, notes } = await readSecrets({
      keyLogs: [file('long.log', lines.join('\n'))],
      srtpKeys: [],
      espSas: [],
    });
    expect([...secrets.keyLog.lines()]).toEqual(lines);
    expect(notes).toEqual([]);
  });

  it('are spoken of where something is wrong with them, without what is in them', async () => {
    const path = file('mixed.log', `${LINE}\nCLIENT_RANDOM ${RANDOM} secret-of-the-wrong-shape\n`);
    const empty = file('empty.log', '# nothing yet\n');
    const { notes } = await readSecrets({ keyLogs: [path, empty], srtpKeys: [], espSas: [] });
    expect(notes).toEqual([
      `1 line of the key log ${path} cannot be understood.`,
      `the key log ${empty} holds no secrets.`,
    ]);
  });

  it('are refused where they are none, and where they cannot be read', async () => {
    const none = file('none.log', 'just a few words\n'.repeat(20_000));
    expect(await refusal({ keyLogs: [none] })).toEqual([
      2,
      `--keylog: ${none} is not a key log: no line of it is "LABEL CLIENT-RANDOM SECRET".`,
    ]);
    const noLines = file('none.bin', '\0'.repeat(1 << 20));
    expect((await refusal({ keyLogs: [noLines] }))[0]).toBe(2);
    const missing = join(folder, 'missing.log');
    expect(await refusal({ keyLogs: [missing] })).toEqual([
      3,
      `cannot read the key log ${missing}: there is no such file or folder.`,
    ]);
    expect(await refusal({ keyLogs: [folder] })).toEqual([3, `cannot read the key log ${folder}: it is a folder.`]);
  });
});

describe('SRTP keys', () => {
  it('are read from the option and from a file of them', async () => {
    const keys = file(
      'keys.txt',
      `# of both ends\n0x8369a845=AES_CM_128_HMAC_SHA1_80:${KEY}\r\n\n  AES_CM_128_HMAC_SHA1_32:${KEY}\n`,
    );
    const { secrets } = await readSecrets({
      keyLogs: [],
      espSas: [],
      srtpKeys: [`10.0.0.1:4000=AES_CM_128_HMAC_SHA1_80:${KEY}`, `@${keys}`, `call:c2=AES_CM_128_HMAC_SHA1_80:${KEY}`],
    });
    const none = { ssrc: null, endpoint: null, call: null };
    expect(secrets.srtpKeys.map(({ scope, suite }) => [scope, suite.name])).toEqual([
      [{ ...none, endpoint: '10.0.0.1:4000' }, 'AES_CM_128_HMAC_SHA1_80'],
      [{ ...none, ssrc: 0x8369a845 }, 'AES_CM_128_HMAC_SHA1_80'],
      [none, 'AES_CM_128_HMAC_SHA1_32'],
      [{ ...none, call: 'c2' }, 'AES_CM_128_HMAC_SHA1_80'],
    ]);
    for (const { masterKey, masterSalt } of secrets.srtpKeys) {
      expect([masterKey[0], masterKey.length, masterSalt[0], masterSalt.length]).toEqual([0, 16, 16, 14]);
    }
  });

  it('are refused with the place, and without the key', async () => {
    const short = KEY.slice(0, 20);
    const path = file('bad.txt', `\nAES_CM_128_HMAC_SHA1_80:${short}\n`);
    const [exit, sentence] = await refusal({ srtpKeys: [`@${path}`] });
    expect([exit, sentence.startsWith(`--srtp-key: line 2 of ${path}: `)]).toEqual([2, true]);
    expect(sentence).not.toContain(short);
    for (const text of ['', 'nonsense', `0x1=${KEY}`, `AES_CM_128_HMAC_SHA1_80:${short}`]) {
      const [status, words] = await refusal({ srtpKeys: [`x=${text}`] });
      expect([status, words.startsWith('--srtp-key: '), words.endsWith('.')]).toEqual([2, true, true]);
      expect(words).not.toContain(short);
    }
    const empty = file('empty.txt', '# none\n');
    expect(await refusal({ srtpKeys: [`@${empty}`] })).toEqual([2, `--srtp-key: there is no key in ${empty}.`]);
    expect(await refusal({ srtpKeys: ['@'] })).toEqual([2, '--srtp-key: the name of the file after "@" is empty.']);
    const missing = join(folder, 'missing.txt');
    expect(await refusal({ srtpKeys: [`@${missing}`] })).toEqual([
      3,
      `cannot read the keys ${missing}: there is no such file or folder.`,
    ]);
  });
});

describe('ESP SAs', () => {
  const SA = '0x1000=aes-gcm:00112233445566778899aabbccddeeff01020304';

  it("are read from the option and from a file of them, Wireshark's esp_sa too", async () => {
    const uat = '"IPv4","*","*","0x2000","AES-CTR [RFC3686]","0x00112233445566778899aabbccddeeff01020304","NULL",""';
    const sas = file('esp_sa', `# This file is automatically generated\n${uat}\n\n*=null\n`);
    const { secrets } = await readSecrets({ keyLogs: [], srtpKeys: [], espSas: [SA, `@${sas}`] });
    const found = secrets.espSas?.map(({ spi, cipher }) => [spi, cipher.name]);
    expect(found).toEqual([
      [0x1000, 'aes-gcm'],
      [0x2000, 'aes-ctr'],
      [null, 'null'],
    ]);
  });

  it('of which one is wrong are refused with its place, without the key', async () => {
    const sas = file('wrong', `${SA}\n${SA}00\n`);
    await expect(readSecrets({ keyLogs: [], srtpKeys: [], espSas: [`@${sas}`] })).rejects.toMatchObject({
      message: `--esp-sa: line 2 of ${sas}: the key of aes-gcm has 20 or 28 or 36 octets, 4 of salt at their end; these are 21.`,
    });
  });
});
