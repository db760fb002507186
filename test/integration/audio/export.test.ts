import { copyFile, mkdir, readFile, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { Capture } from '../../../engine/capture.ts';
import { exportHandlers } from '../../../engine/service/export-handlers.ts';
import type { Exported, ExportRequest } from '../../../shared/engine-api.ts';
import {
  areInstalled,
  capturePath,
  output,
  soxReadWav,
  temporaryFolder,
  tsharkFields,
  withCapture,
} from './outside.ts';

const ready = await areInstalled(['tshark', '--version'], ['sox', '--version']);
const folder = await temporaryFolder();

function write(
  capture: Capture,
  request: ExportRequest,
  path: string | null,
  signal = new AbortController().signal,
  capturePlace: string | null = null,
): Promise<Exported> {
  const holder = { capture: () => capture, dissectors: builtIns, path: capturePlace };
  const handler = exportHandlers(holder, { temporaryFolder: folder })['export.write'];
  return Promise.resolve(handler({ request, path }, { signal, progress: () => {} }));
}

const CALL = { calls: ['c1'] };

describe('where exports go', () => {
  test('without a path: a private file under a name that nobody guesses', async () => {
    await withCapture(capturePath('sample.pcap'), async (capture) => {
      const exported = await write(capture, { kind: 'wav', selection: CALL, range: null }, null);
      expect(exported.path).toBe(join(folder, exported.id));
      expect(exported.id).toMatch(/^[0-9a-f]{32}$/);
      expect(exported.name).toBe('call-1.wav');
      const about = await stat(exported.path);
      expect(about.size).toBe(exported.bytes);
      if (process.platform !== 'win32') expect(about.mode & 0o777).toBe(0o600);
    });
  });

  test('text and octets as they are', async () => {
    await withCapture(capturePath('sample.pcap'), async (capture) => {
      const text = await write(
        capture,
        { kind: 'text', name: 'ladder.svg', text: '<svg>→</svg>' },
        join(folder, 'l.svg'),
      );
      expect(await readFile(text.path, 'utf8')).toBe('<svg>→</svg>');
      expect(text).toMatchObject({ name: 'ladder.svg', bytes: 14 });
      const bytes = await write(capture, { kind: 'bytes', name: 'a.png', bytes: Uint8Array.of(1, 2, 255) }, null);
      expect([...(await readFile(bytes.path))]).toEqual([1, 2, 255]);
    });
  });

  test('a failure is a sentence with a code, and leaves no file', async () => {
    const own = join(folder, 'failures');
    await mkdir(own);
    await withCapture(capturePath('srtp-dtls.pcap'), async (capture) => {
      const wav = { kind: 'wav', selection: CALL, range: null } as const;
      const failures: [ExportRequest, string, string][] = [
        [wav, join(own, 'a.wav'), 'nothing-to-export'],
        [wav, join(own, 'no/such/folder.wav'), 'nothing-to-export'],
        [{ kind: 'text', name: 'x', text: 'x' }, join(own, 'no/such/folder.txt'), 'ENOENT'],
        [{ kind: 'text', name: 'x', text: 'x' }, own, 'EISDIR'],
        [{ kind: 'text', name: 'x', text: 'x' }, '-', 'bad-request'],
        [{ kind: 'text', name: 'x', text: 'x' }, 'relative.txt', 'bad-request'],
        [{ kind: 'raw', stream: 's99' }, join(own, 'r'), 'not-found'],
        [{ kind: 'pcap', call: 'c99', filter: '' }, join(own, 'p'), 'not-found'],
        [{ kind: 'pcap', call: null, filter: 'no such (' }, join(own, 'p'), 'bad-filter'],
        [{ kind: 'pcap', call: null, filter: 'frame.number > 1000000' }, join(own, 'p'), 'nothing-to-export'],
      ];
      for (const [request, path, code] of failures) {
        await expect(write(capture, request, path)).rejects.toMatchObject({ code });
      }
    });
    expect(await readdir(own)).toEqual([]);
  });

  test('nothing takes the place of the capture, by whatever name', async () => {
    const own = join(folder, 'own');
    await mkdir(own);
    const copy = join(own, 'call.pcap');
    await copyFile(capturePath('sample.pcap'), copy);
    await symlink(copy, join(own, 'link.pcap'));
    const before = await readFile(copy);
    await withCapture(copy, async (capture) => {
      const { signal } = new AbortController();
      for (const path of [copy, join(own, 'link.pcap'), join(own, '..', 'own', 'call.pcap')]) {
        const writing = write(capture, { kind: 'pcap', call: 'c1', filter: '' }, path, signal, copy);
        await expect(writing).rejects.toMatchObject({ code: 'bad-request' });
      }
    });
    expect((await readFile(copy)).equals(before)).toBe(true);
  });

  test('cancelled: AbortError, and no file', async () => {
    const own = join(folder, 'cancelled');
    await mkdir(own);
    await withCapture(capturePath('sample.pcap'), async (capture) => {
      const abort = new AbortController();
      const writing = write(capture, { kind: 'wav', selection: CALL, range: null }, join(own, 'a.wav'), abort.signal);
      abort.abort();
      await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    });
    expect(await readdir(own)).toEqual([]);
  });
});

describe.skipIf(!ready)('what is in them (needs tshark and sox)', () => {
  test.each(['g711a-call.pcap', 'g711u-dtmf.pcap', 'loss-jitter.pcap', 'fragments.pcap'])(
    '%s: the raw payload is that of the packets by tshark, in order of their numbers',
    async (file) => {
      const path = capturePath(file);
      await withCapture(path, async (capture) => {
        for (const stream of capture.streams.streams) {
          const filter = `rtp.ssrc == ${stream.ssrc} && rtp.p_type == ${stream.mainPayloadType}`;
          const rows = await tsharkFields(path, filter, ['rtp.seq', 'rtp.payload']);
          const first = Number(rows[0][0]);
          const payloads = new Map(rows.map(([seq, hex]) => [((Number(seq) - first) << 16) >> 16, hex]));
          const expected = [...payloads].toSorted((a, b) => a[0] - b[0]).map(([, hex]) => hex.replaceAll(':', ''));
          const exported = await write(capture, { kind: 'raw', stream: `s${stream.index + 1}` }, null);
          expect((await readFile(exported.path)).equals(Buffer.from(expected.join(''), 'hex'))).toBe(true);
          expect(exported.bytes).toBeGreaterThan(1000);
        }
      });
    },
  );

  test('a part of the audio is what sox cuts out of the whole', async () => {
    await withCapture(capturePath('g711a-call.pcap'), async (capture) => {
      const whole = join(folder, 'whole.wav');
      await write(capture, { kind: 'wav', selection: CALL, range: null }, whole);
      const range = { from: 1.25, to: 3.5005 };
      const part = await write(capture, { kind: 'wav', selection: CALL, range }, join(folder, 'part.wav'));
      expect(part.name).toBe('call-1-1.25s-3.501s.wav');
      const cut = join(folder, 'cut.wav');
      await output('sox', ['-D', whole, cut, 'trim', '10000s', '=28004s']);
      expect(await soxReadWav(part.path)).toEqual(await soxReadWav(cut));
      expect((await soxReadWav(part.path)).channels[0].length).toBe(18_004);
    });
  });

  test('packets that pass a filter, and those of a call', async () => {
    const path = capturePath('g711u-dtmf.pcap');
    await withCapture(path, async (capture) => {
      const count = async (file: string, filter: string): Promise<number> =>
        (await tsharkFields(file, filter, ['frame.number'])).length;
      const sip = await write(capture, { kind: 'pcap', call: null, filter: 'sip' }, join(folder, 'sip.pcap'));
      expect(await count(sip.path, 'frame')).toBe(await count(path, 'sip'));
      const call = await write(capture, { kind: 'pcap', call: 'c1', filter: '' }, join(folder, 'call.pcap'));
      expect(await count(call.path, 'sip || rtp')).toBe(await count(path, 'sip || rtp'));
      const all = await write(capture, { kind: 'pcap', call: null, filter: '' }, join(folder, 'all.pcap'));
      expect(await count(all.path, 'frame')).toBe(await count(path, 'frame'));
    });
  });

  test('a fragmented message brings all its fragments', async () => {
    const path = capturePath('fragments.pcap');
    await withCapture(path, async (capture) => {
      const exported = await write(
        capture,
        { kind: 'pcap', call: null, filter: 'sip' },
        join(folder, 'fragments.pcap'),
      );
      const messages = await tsharkFields(path, 'sip', ['sip.Call-ID', 'sip.CSeq']);
      expect(await tsharkFields(exported.path, 'sip', ['sip.Call-ID', 'sip.CSeq'])).toEqual(messages);
    });
  });
});
