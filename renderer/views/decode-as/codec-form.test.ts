import { expect, it } from 'vitest';
import { parseCodecRule } from '../../../engine/classify/codec-rule.ts';
import { decodableEncodings } from '../../../media/codecs/index.ts';
import { codecParts, codecText, withCodec } from './codec-form.ts';

it.each(decodableEncodings())('%s goes through the form, and the engine takes it', (text) => {
  const parts = codecParts(text);
  for (const scope of ['capture', 'user'] as const) {
    expect(codecText({ payloadType: '96', ...parts, scope }, '')).toBe(`96=${text}`);
  }
  const ofStream = codecText({ payloadType: '96', ...parts, scope: 'ssrc' }, '0x0000002a');
  expect(parseCodecRule(ofStream)).toMatchObject({
    selector: { ssrc: 42 },
    payloadType: 96,
    encoding: { clockRate: Number(text.split('/')[1]) },
  });
});

it('is empty until type, name and rate are there', () => {
  const form = { payloadType: '96', name: 'opus', rate: '48000', channels: '', scope: 'capture' } as const;
  expect(codecText(form, '')).toBe('96=opus/48000');
  for (const field of ['payloadType', 'name', 'rate'] as const)
    expect(codecText({ ...form, [field]: ' ' }, '')).toBe('');
});

it('stands in for what was said of the same, and leaves the rest', () => {
  const before = [
    { text: '96=opus/48000/2', scope: 'user' },
    { text: '96=PCMU/8000', scope: 'capture' },
    { text: 'rtp.ssrc==0x1,96=PCMU/8000', scope: 'capture' },
    { text: '97=PCMU/8000', scope: 'capture' },
  ] as const;
  expect(withCodec(before, '96=G722/8000', 'capture')).toEqual([
    before[0],
    before[2],
    before[3],
    { text: '96=G722/8000', scope: 'capture' },
  ]);
});
