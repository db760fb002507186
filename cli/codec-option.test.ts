import { describe, expect, it } from 'vitest';
import { parseCodecRule } from '../engine/classify/codec-rule.ts';
import { ANYTHING } from '../engine/classify/selector.ts';
import { parseCodecOptions } from './codec-option.ts';

describe('--codec', () => {
  it.each([
    ['96=opus/48000/2', 96, { name: 'opus', clockRate: 48000, channels: 2, parameters: '' }],
    ['0=PCMU/8000', 0, { name: 'PCMU', clockRate: 8000, channels: 1, parameters: '' }],
    ['127=G726-32/8000', 127, { name: 'G726-32', clockRate: 8000, channels: 1, parameters: '' }],
    [' 101=telephone-event/8000 ', 101, { name: 'telephone-event', clockRate: 8000, channels: 1, parameters: '' }],
  ])('%s', (text, payloadType, encoding) => {
    expect(parseCodecRule(text)).toEqual({ selector: ANYTHING, payloadType, encoding });
  });

  it.each([
    ['rtp.ssrc==0x1234,96=opus/48000/2', { ssrc: 0x1234 }],
    ['ip.addr==10.0.0.1 && udp.port==4000,96=opus/48000/2', { transport: 'udp', address: '10.0.0.1', port: 4000 }],
  ])('%s is for some streams only', (text, selector) => {
    expect(parseCodecRule(text)).toMatchObject({ selector: { ...ANYTHING, ...selector }, payloadType: 96 });
  });

  it.each([
    ['udp.port==70000,96=opus/48000', 'Port 70000 is not between 1 and 65535 (in "udp.port==70000,96=opus/48000").'],
    ['tcp.port==5000,96=opus/48000', 'RTP does not run over TCP by itself (in "tcp.port==5000,96=opus/48000").'],
    ['opus', '"opus" is not a codec; write it like 96=opus/48000/2.'],
    ['96=opus', '"96=opus" is not a codec; write it like 96=opus/48000/2.'],
    ['96=opus/48000/2/1', '"96=opus/48000/2/1" is not a codec; write it like 96=opus/48000/2.'],
    ['128=opus/48000', 'Payload type 128 in "128=opus/48000" is not between 0 and 127.'],
    ['96=L16/0', 'Clock rate 0 in "96=L16/0" is not a rate in Hz.'],
    ['96=L16/8000/0', 'A codec cannot have 0 channels ("96=L16/8000/0").'],
  ])('refuses %s', (text, sentence) => {
    expect(parseCodecRule(text)).toBe(sentence);
  });

  it('takes several, but not two meanings of one payload type', () => {
    const both = parseCodecOptions(['96=opus/48000/2', '97=L16/16000']);
    expect(typeof both !== 'string' && both.map(({ payloadType }) => payloadType)).toEqual([96, 97]);
    expect(parseCodecOptions(['96=opus/48000/2', '96=L16/16000'])).toBe(
      '--codec says twice what payload type 96 means.',
    );
  });
});
