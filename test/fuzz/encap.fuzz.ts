/** Payloads behind headers of all kinds, damaged: for what looks for encapsulations, and for rules that are texts. */
import { parseCodecRule } from '../../engine/classify/codec-rule.ts';
import { parseDecodeAs } from '../../engine/classify/decode-as.ts';
import { findEncapsulation, MAX_SKIP_BYTES } from '../../engine/encap/find-encapsulation.ts';
import type { PayloadSample } from '../../engine/encap/payload-samples.ts';
import { rtpPacket, udpFrame } from '../../engine/pass/test-capture.ts';

const MOST_SAMPLES = 8;
const SAMPLE_BYTES = 192;
const IDS = ['sip', 'rtp', 'udp-encap'];
const SEEDS = [
  'udp.port==5000,rtp',
  'ip.addr==10.0.0.1 && udp.port==5000,skip 12,ip',
  'udp.flow==[2001:db8::1]:5000-10.0.0.2:6000,none',
  'rtp.ssrc==0x1234,rtp',
  'rtp.ssrc==0x1234,96=opus/48000/2',
];
const CHARACTERS = '0123456789.:,-=&[]abx /udprtpskip';

/** Gives `inputs` lots of payloads and rules; `random` gives 0 ≤ x < 1. Throws where something does, or says what cannot be. */
export function fuzzEncapsulation(random: () => number, inputs: number): void {
  const whole = (below: number): number => Math.floor(random() * below);
  for (let i = 0; i < inputs; i++) {
    const samples = samplesOf(whole);
    const found = findEncapsulation(samples);
    if (found !== null) {
      const isSound =
        found.skipBytes >= 0 &&
        found.skipBytes <= MAX_SKIP_BYTES &&
        found.agreed >= 4 &&
        found.agreed <= samples.length;
      if (!isSound) throw new Error(`encapsulation: ${JSON.stringify(found)}`);
    }
    const text = ruleOf(whole);
    for (const rule of [parseDecodeAs(text, IDS), parseCodecRule(text)]) {
      if (typeof rule === 'string' && !rule.endsWith('.')) throw new Error(`rule: no sentence: ${rule}`);
    }
  }
}

function samplesOf(whole: (below: number) => number): PayloadSample[] {
  const skip = whole(MAX_SKIP_BYTES + 4);
  const kind = whole(4);
  const size = whole(60);
  return Array.from({ length: whole(MOST_SAMPLES + 1) }, (_, i) => {
    const media = rtpPacket({
      ssrc: 0x01020304,
      sequence: i,
      timestamp: i * 160,
      payloadType: whole(20) === 0 ? whole(128) : 8,
      payload: new Uint8Array(size),
    });
    const frame = udpFrame('10.0.0.1:1000', '10.0.0.2:2000', media);
    const inner =
      kind === 0 ? media : kind === 1 ? frame.subarray(34) : kind === 2 ? frame.subarray(14) : new Uint8Array(size);
    const payload = new Uint8Array(skip + inner.length);
    for (let at = 0; at < skip; at++) payload[at] = whole(256);
    payload.set(inner, skip);
    for (let damage = whole(3); damage > 0 && payload.length > 0; damage--) payload[whole(payload.length)] = whole(256);
    const bytes = payload.slice(0, Math.min(SAMPLE_BYTES, whole(8) === 0 ? whole(payload.length + 1) : payload.length));
    return { bytes, captured: bytes.length, sent: whole(10) === 0 ? whole(2000) : payload.length };
  });
}

function ruleOf(whole: (below: number) => number): string {
  const characters = SEEDS[whole(SEEDS.length)].split('');
  for (let damage = whole(4); damage > 0; damage--) {
    characters.splice(whole(characters.length + 1), whole(3), CHARACTERS[whole(CHARACTERS.length)]);
  }
  return characters.join('');
}
