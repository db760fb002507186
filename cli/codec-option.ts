import { type CodecRule, parseCodecRule } from '../engine/classify/codec-rule.ts';

/** All `--codec` together. Gives the rules, or one sentence where one is wrong or two contradict each other. */
export function parseCodecOptions(texts: readonly string[]): readonly CodecRule[] | string {
  const rules: CodecRule[] = [];
  const said = new Set<string>();
  for (const text of texts) {
    const rule = parseCodecRule(text);
    if (typeof rule === 'string') return rule;
    const about = `${JSON.stringify(rule.selector)} ${rule.payloadType}`;
    if (said.has(about)) return `--codec says twice what payload type ${rule.payloadType} means.`;
    said.add(about);
    rules.push(rule);
  }
  return rules;
}
