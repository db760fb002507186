/** What a payload type means, as a form has it and as `--codec` is written (engine/classify/codec-rule.ts). */
import type { SavedRule } from '../../../shared/decode-as.ts';

/** For which packets: the streams of one SSRC, this capture, every capture. */
export type CodecScope = 'ssrc' | 'capture' | 'user';

export interface CodecForm {
  readonly payloadType: string;
  /** Encoding name as in a=rtpmap. */
  readonly name: string;
  /** Hz. */
  readonly rate: string;
  readonly channels: string;
  readonly scope: CodecScope;
}

/** The rule; '' until payload type, name and rate are there. */
export function codecText({ payloadType, name, rate, channels, scope }: CodecForm, ssrc: string): string {
  const [type, codec, hz, many] = [payloadType, name, rate, channels].map((value) => value.trim());
  if (type === '' || codec === '' || hz === '') return '';
  const codecOf = `${type}=${codec}/${hz}${many === '' || many === '1' ? '' : `/${many}`}`;
  return scope === 'ssrc' ? `rtp.ssrc==${ssrc},${codecOf}` : codecOf;
}

/** `{ name: 'opus', rate: '48000', channels: '2' }` of `opus/48000/2`. */
export function codecParts(text: string): Pick<CodecForm, 'name' | 'rate' | 'channels'> {
  const [name = '', rate = '', channels = '1'] = text.split('/');
  return { name, rate, channels };
}

/** Those in force with one more, which stands in for what was said of the same payload type of the same packets. */
export function withCodec(codecs: readonly SavedRule[], text: string, scope: SavedRule['scope']): SavedRule[] {
  const about = (rule: string): string => rule.slice(0, rule.lastIndexOf('='));
  return [...codecs.filter((rule) => rule.scope !== scope || about(rule.text) !== about(text)), { text, scope }];
}
