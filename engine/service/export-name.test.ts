import { win32 } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExportRequest } from '../../shared/engine-api.ts';
import { exportName } from './export-name.ts';

const textNamed = (name: string): ExportRequest => ({ kind: 'text', name, text: '' });

test.each<[ExportRequest, string]>([
  [{ kind: 'wav', selection: { calls: ['c7'] }, range: null }, 'call-7.wav'],
  [{ kind: 'wav', selection: { calls: ['c7'] }, range: { from: 12.5, to: 30 } }, 'call-7-12.5s-30s.wav'],
  [{ kind: 'wav', selection: { calls: ['c1'], streams: ['s3'] }, range: null }, 'call-1-stream-3.wav'],
  [{ kind: 'wav', selection: {}, range: null }, 'audio.wav'],
  [{ kind: 'raw', stream: 's3' }, 'stream-3.raw'],
  [{ kind: 'pcap', call: null, filter: 'sip' }, 'filtered.pcap'],
  [{ kind: 'pcap', call: 'c2', filter: '' }, 'call-2.pcap'],
  [textNamed('ladder of call 7.svg'), 'ladder of call 7.svg'],
  [{ kind: 'bytes', name: 'Übersicht.png', bytes: new Uint8Array(0) }, 'Übersicht.png'],
])('%j is %s', (request, name) => expect(exportName(request)).toBe(name));

describe('a name that means harm is a name without folders', () => {
  test.each([
    '../../etc/passwd',
    '..',
    '.',
    '',
    '/',
    'C:\\Windows\\x.exe',
    '\\\\server\\share\\x',
    'a\0b.svg',
    'line\r\nSet-Cookie: x.svg',
    'gpj.\u202egnp.exe',
    '\ud800.png',
    `${'x'.repeat(300)}.svg`,
    '\u{1f4de}'.repeat(300),
    'a'.repeat(1e6),
    '.bashrc',
    ' . . ',
    '<script>.html',
  ])('the %$ of them', (given) => {
    for (const request of [textNamed(given), { kind: 'bytes', name: given, bytes: new Uint8Array(0) }] as const) {
      const name = exportName(request);
      expect(name).not.toBe('');
      expect(name).not.toMatch(/^\.|[/\\:*?"<>|]|\p{Cc}|\p{Cf}|\p{Cs}/u);
      // Windows' rules take in POSIX's.
      expect(win32.basename(name)).toBe(name);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    }
  });

  test('a long one keeps its ending', () => {
    expect(exportName(textNamed(`${'x'.repeat(300)}.svg`))).toMatch(/^x+\.svg$/);
  });

  test('ids of no call', () => {
    const name = exportName({ kind: 'wav', selection: { calls: ['../x', 'y'.repeat(5000)] }, range: null });
    expect(name).toMatch(/^call-\.\._x-call-y+\.wav$/);
    expect(exportName({ kind: 'raw', stream: '/etc/passwd' })).toBe('stream-_etc_passwd.raw');
  });
});
