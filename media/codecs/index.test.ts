import { expect, test } from 'vitest';
import type { AudioDecoder } from './codec.ts';
import { codecFor, reasonNotDecodable } from './index.ts';

/** A decoder of a codec that needs no library. */
function decoderFor(encoding: string, clockRate: number, channels = 1): AudioDecoder | null {
  const decoder = codecFor({ encoding, clockRate, channels })?.open() ?? null;
  if (decoder instanceof Promise) throw new Error(`${encoding} comes from a library`);
  return decoder;
}

function reasonFor(encoding: string, parameters = ''): string {
  return reasonNotDecodable({ encoding, clockRate: 8000, channels: 1, parameters });
}

test('encoding names are told apart without regard to case', () => {
  expect(decoderFor('pcmu', 8000)?.decode(Uint8Array.of(0), 0, 1, new Int16Array(1), 0)).toBe(1);
  expect(decoderFor('PcmA', 16000)?.sampleRate).toBe(16000);
  expect(decoderFor('l16', 44100, 2)).toMatchObject({ sampleRate: 44100, channels: 2 });
});

test('L16 is in network byte order', () => {
  const into = new Int16Array(4);
  const octets = Uint8Array.of(0xff, 0x12, 0x34, 0xff, 0xfe, 0x80, 0x00, 0x7f);
  expect(decoderFor('L16', 8000)?.decode(octets, 1, 7, into, 0)).toBe(3);
  expect([...into]).toEqual([0x1234, -2, -32768, 0]);
  expect(decoderFor('L16', 8000, 2)?.decode(octets, 1, 7, into, 1)).toBe(1);
  expect([...into]).toEqual([0x1234, 0x1234, -2, 0]);
});

test('what cannot be decoded is null and has a reason', () => {
  expect(decoderFor('EVS', 16_000)).toBeNull();
  expect(reasonFor('EVS')).toBe('EVS is not decoded in this version');
  expect(reasonFor('')).toBe('The codec of this stream is not known');
  expect(reasonFor('telephone-event')).toBe('telephone-event carries digits, not audio');
});

test('absurd rates and channel counts are refused', () => {
  for (const clockRate of [0, -8000, 1, 4e9, 8000.5, Number.NaN, Infinity]) {
    expect(decoderFor('L16', clockRate)).toBeNull();
  }
  for (const channels of [0, -1, 1.5, 1e9, Number.NaN]) expect(decoderFor('L16', 8000, channels)).toBeNull();
  expect(reasonFor('L16')).toBe('L16 is not decoded with this clock rate or number of channels');
});

test('L24 keeps the upper 16 bits, L8 is in offset binary', () => {
  const into = new Int16Array(4);
  const octets = Uint8Array.of(0x12, 0x34, 0xff, 0xff, 0xfe, 0x00, 0x80);
  expect(decoderFor('L24', 48000)?.decode(octets, 0, 7, into, 0)).toBe(2);
  expect([...into]).toEqual([0x1234, -2, 0, 0]);
  expect(decoderFor('L24', 48000, 2)?.decode(octets, 0, 7, into, 2)).toBe(1);
  expect([...into]).toEqual([0x1234, -2, 0x1234, -2]);
  expect(decoderFor('L8', 8000)?.decode(Uint8Array.of(0, 128, 255), 0, 3, into, 0)).toBe(3);
  expect([...into]).toEqual([-32768, 0, 127 << 8, -2]);
});

test('options of AMR that are not read are named', () => {
  const refused = ['octet-align=1; interleaving=30', 'crc=1', 'Robust-Sorting=1;octet-align=1'];
  for (const parameters of refused) {
    expect(codecFor({ encoding: 'AMR-WB', clockRate: 16000, channels: 1, parameters })).toBeNull();
  }
  expect(reasonFor('AMR', refused[0])).toBe('AMR with interleaving is not decoded in this version');
  expect(reasonFor('AMR', refused[2])).toBe('AMR with robust-sorting is not decoded in this version');
  expect(codecFor({ encoding: 'AMR', clockRate: 8000, channels: 1, parameters: 'crc=0; mode-set=7' })).not.toBeNull();
});

test('codecs of one channel are refused with two, and what has no decoder is named', () => {
  for (const encoding of ['G722', 'G726-32', 'GSM', 'DVI4', 'AMR', 'G729', 'G723', 'iLBC', 'speex', 'GSM-EFR', 'CN']) {
    expect(codecFor({ encoding, clockRate: 8000, channels: 2 })).toBeNull();
    expect(reasonFor(encoding)).toContain('number of channels');
  }
  for (const encoding of ['LPC', 'EVS', 'G7221', 'codec2']) {
    expect(codecFor({ encoding, clockRate: 8000, channels: 1 })).toBeNull();
    expect(reasonFor(encoding)).toBe(`${encoding} is not decoded in this version`);
  }
});

test('what is no audio says what it is', () => {
  expect(reasonFor('H264')).toBe('H264 is video');
  expect(reasonFor('vp8')).toBe('vp8 is video');
  expect(reasonFor('ulpfec')).toBe('ulpfec repairs packets that were lost, and has no audio of its own');
  expect(reasonFor('t38')).toBe('t38 is fax');
  for (const encoding of ['H264', 'vp8', 'ulpfec', 'flexfec-03', 'rtx', 't38', 't140']) {
    expect(codecFor({ encoding, clockRate: 8000, channels: 1 })).toBeNull();
  }
});

test('rates that Speex and SILK do not have are refused', () => {
  for (const encoding of ['speex', 'SILK']) {
    expect(codecFor({ encoding, clockRate: 44_100, channels: 1 })).toBeNull();
    expect(codecFor({ encoding, clockRate: 16_000, channels: 1 })).toMatchObject({ sampleRate: 16_000 });
  }
});
