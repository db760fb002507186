/** What a window and the command say of Decode As: the user's rules, what was found without them, and what could be tried. */

import type { OpenResult } from './engine-api.ts';

/** `capture`: kept with the open capture. `user`: for every capture of this user. */
export type RuleScope = 'capture' | 'user';

/** One rule as it is written, `udp.port==5000,rtp`, or a codec, `96=opus/48000/2`. Of several that fit the last one counts. */
export interface SavedRule {
  text: string;
  scope: RuleScope;
  /** Kept, and not in force. */
  isOff?: true;
}

/** What a rule would do that is not in force yet. */
export interface RuleTrial {
  /** What is wrong with it, one sentence; null where it is a rule. */
  error: string | null;
  /** Where that is: what it is about, the octets skipped, what it says of them; null without an error. */
  part: 'selector' | 'skip' | 'as' | null;
  /** Packets of the open capture that it is about; -1 where none is open. */
  packets: number;
}

/** Rules that are no rules are refused altogether: which one it was, and a sentence. */
export interface RuleFault {
  /** Place in the list that was given. */
  index: number;
  message: string;
}

/** What became of rules that were set. */
export interface RulesOutcome {
  /** Where a rule is none, all stay what they were. */
  fault: RuleFault | null;
  /** The capture was read again with them; null where none is open. */
  opened: OpenResult | null;
  /** They will be there at the next start, too. */
  isKept: boolean;
}

/** A packet inside payloads behind a header that nobody knows, one way, which its packets gave away by themselves. */
export interface EncapsulationRow {
  /** Ends of the flow that carries it. */
  src: string;
  dst: string;
  /** Octets before it. */
  skip: number;
  /** A whole IP packet, a UDP header with what follows, RTP, or what a signature tells. */
  as: 'ip' | 'udp' | 'rtp' | 'payload';
  /** Packets that were taken out. */
  packets: number;
  /** Packets that were looked at, and those of them that agreed. */
  sampled: number;
  agreed: number;
  /** What is skipped of the first packets, in hexadecimal. */
  headerSample: string;
  /** What agreed, in a sentence. */
  evidence: string;
  /** The Decode As rule that says the same. */
  rule: string;
}

/** Traffic that nobody has claimed and that looks like something. */
export interface SuggestionRow {
  kind: 'rtp' | 'encapsulation';
  /** The Decode As rule to try. */
  rule: string;
  /** Packets of the flow. */
  packets: number;
  src: string;
  dst: string;
  sentence: string;
}

/** What rules can be made of. */
export interface DecodeAsChoices {
  /** What a payload can be taken for; `none` for what is never dissected. */
  dissectors: { id: string; label: string }[];
  /** What can follow skipped octets beside those. */
  afterSkip: { id: string; label: string }[];
  /** Encodings that can be decoded, as `--codec` writes them after the `=`. */
  codecs: string[];
}
