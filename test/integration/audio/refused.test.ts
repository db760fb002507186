import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NothingToExportError } from '../../../engine/export/nothing-to-export-error.ts';
import { splitStreams } from '../../../engine/export/split.ts';
import { exportWav } from '../../../engine/export/wav.ts';
import { capturePath, temporaryFolder, thirdParty, withCapture } from './outside.ts';

/** What exporting a capture whole says in refusal; empty where it wrote a file. */
async function refusal(path: string, into: string): Promise<string> {
  return withCapture(path, (capture) =>
    exportWav(capture, {}, into).then(
      () => '',
      (error: unknown) => {
        if (!(error instanceof NothingToExportError)) throw error;
        return error.message;
      },
    ),
  );
}

describe('what cannot be heard is refused with a sentence, and leaves no file', async () => {
  const folder = await temporaryFolder();
  const parted = await temporaryFolder();

  it.each([
    ['srtp-dtls.pcap', /encrypted/],
    ['options.pcap', /no RTP streams/],
    ['no-answer.pcap', /no RTP streams/],
  ])('%s', async (file, says) => {
    const into = join(folder, `${file}.wav`);
    const message = await refusal(capturePath(file), into);
    expect(message).toMatch(says);
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  // The same media without its signalling: only the payload can tell.
  it.each([
    ['srtp-sdes.pcap', false],
    ['srtp-dtls.pcap', false],
    ['g711a-call.pcap', true],
    ['g711u-dtmf.pcap', true],
    ['tones.pcap', true],
    ['l16-baresip.pcap', true],
    ['one-way.pcap', true],
    ['g722-call.pcap', true],
    ['gsm-call.pcap', true],
  ])('%s, its streams alone: heard is %s', async (file, isHeard) => {
    const into = await mkdtemp(join(parted, 'parts-'));
    const parts = await withCapture(capturePath(file), (capture) => splitStreams(capture, into));
    expect(parts.length).toBeGreaterThan(0);
    for (const { path } of parts) {
      const message = await refusal(path, `${path}.wav`);
      if (isHeard) expect(message).toBe('');
      else expect(message).toMatch(/encrypted/);
      expect(existsSync(`${path}.wav`)).toBe(isHeard);
    }
  });

  const folders = existsSync(thirdParty) ? readdirSync(thirdParty).filter((name) => name.startsWith('srtp')) : [];
  if (folders.length === 0) console.warn('skipped: the third-party captures of encrypted media are not here');
  const encrypted = folders.flatMap((name) =>
    readdirSync(join(thirdParty, name))
      .filter((file) => /\.pcap(ng)?$/.test(file))
      .map((file) => join(name, file)),
  );

  it.skipIf(encrypted.length === 0)('encrypted media of others', { timeout: 120_000 }, async () => {
    const heard: string[] = [];
    for (const file of encrypted) {
      const message = await refusal(join(thirdParty, file), join(folder, 'third-party.wav'));
      if (message === '') heard.push(file);
    }
    expect(heard).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
