import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RuleFault, RuleScope, SavedRule } from '../../shared/decode-as.ts';
import { type CodecRule, parseCodecRule } from '../classify/codec-rule.ts';
import { type DecodeAsRule, parseDecodeAs } from '../classify/decode-as.ts';
import type { ByteSource } from '../sources/byte-source.ts';

const EDGE_BYTES = 64 << 10;
/** Before the text of a rule that is switched off. */
const OFF = '# ';
const MOST_RULES = 1000;
const MOST_RULE_LENGTH = 300;
/** Captures whose rules are kept; the one that was open longest ago goes first. */
const MOST_CAPTURES = 500;
const MOST_BYTES = 4 << 20;

/** Rules and codecs of one scope, as they are written. */
interface RuleTexts {
  readonly rules: readonly string[];
  readonly codecs: readonly string[];
}

interface Contents {
  readonly user: RuleTexts;
  /** By fingerprint, the one used last at the end. */
  readonly captures: Readonly<Record<string, RuleTexts>>;
}

const NO_TEXTS: RuleTexts = { rules: [], codecs: [] };
const NOTHING: Contents = { user: NO_TEXTS, captures: {} };

/**
 * Tells a capture from others wherever it lies: its size and a hash of its first and last 64 KiB; where the size is not
 * known yet (a stream, something inflated) a hash of the first alone.
 */
export async function fingerprintOf(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  const { lengthBytes } = source;
  const edge = new Uint8Array(EDGE_BYTES);
  for (const offset of lengthBytes > EDGE_BYTES ? [0, lengthBytes - EDGE_BYTES] : [0]) {
    hash.update(edge.subarray(0, await source.read(offset, edge, 0, EDGE_BYTES)));
  }
  return `${Math.max(lengthBytes, -1)}-${hash.digest('hex').slice(0, 32)}`;
}

/**
 * The rules of Decode As and the codecs that a person set: those for every capture, and those of the open one. They are
 * kept in a file of `folder`; with null only for as long as the window lives.
 */
export class RuleStore {
  private readonly path: string | null;
  private contents: Contents = NOTHING;
  private isRead = false;
  private fingerprint: string | null = null;

  constructor(folder: string | null) {
    this.path = folder === null ? null : join(folder, 'decode-as.json');
  }

  /** A capture is to be read: its rules are those of now. */
  async use(fingerprint: string): Promise<void> {
    await this.read();
    this.fingerprint = fingerprint;
  }

  /** What is in force, the rules of the user before those of the capture, which win. */
  async saved(of: keyof RuleTexts): Promise<SavedRule[]> {
    await this.read();
    const listed = (scope: RuleScope): SavedRule[] => this.textsOf(scope)[of].map((text) => savedRule(text, scope));
    return [...listed('user'), ...listed('capture')];
  }

  /**
   * Puts other rules in the place of all, in memory; `keep` writes them. Gives what takes that back, or which rule is none:
   * then nothing changes.
   */
  async set(
    of: keyof RuleTexts,
    rules: readonly SavedRule[],
    dissectorIds: readonly string[],
  ): Promise<RuleFault | (() => void)> {
    await this.read();
    if (rules.length > MOST_RULES)
      return { index: MOST_RULES, message: `More than ${MOST_RULES} rules are not taken.` };
    for (const [index, { text, scope }] of rules.entries()) {
      const message = faultOf(of, text, dissectorIds);
      if (message !== null) return { index, message };
      if (scope === 'capture' && this.fingerprint === null) {
        return { index, message: 'A rule of a capture needs an open capture.' };
      }
    }
    const before = this.contents;
    const given = (scope: RuleScope): string[] =>
      rules.filter((rule) => rule.scope === scope).map(({ text, isOff }) => (isOff ? OFF : '') + text.trim());
    this.change('user', { ...this.textsOf('user'), [of]: given('user') });
    if (this.fingerprint !== null) this.change('capture', { ...this.textsOf('capture'), [of]: given('capture') });
    return () => {
      this.contents = before;
    };
  }

  /** Writes what is in memory; false where it cannot be written: it is in force all the same. */
  async keep(): Promise<boolean> {
    if (this.path === null) return false;
    const text = `${JSON.stringify({ version: 1, ...this.contents }, null, 1)}\n`;
    if (text.length > MOST_BYTES) return false;
    const partial = `${this.path}.${randomBytes(6).toString('hex')}`;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      const file = await open(partial, 'wx', 0o600);
      try {
        await file.writeFile(text);
      } finally {
        await file.close();
      }
      await rename(partial, this.path);
      return true;
    } catch {
      await rm(partial, { force: true }).catch(() => undefined);
      return false;
    }
  }

  /** What a capture is read with. Rules that are none any more (of a plugin that is gone) stay kept, and rest. */
  async forReading(dissectorIds: readonly string[]): Promise<{ decodeAs: DecodeAsRule[]; codecs: CodecRule[] }> {
    const rules = (await this.saved('rules')).filter(({ isOff }) => !isOff);
    const codecs = (await this.saved('codecs')).filter(({ isOff }) => !isOff);
    return {
      decodeAs: rules.map(({ text }) => parseDecodeAs(text, dissectorIds)).filter((rule) => typeof rule !== 'string'),
      codecs: codecs.map(({ text }) => parseCodecRule(text)).filter((rule) => typeof rule !== 'string'),
    };
  }

  private textsOf(scope: RuleScope): RuleTexts {
    if (scope === 'user') return this.contents.user;
    return (this.fingerprint === null ? undefined : this.contents.captures[this.fingerprint]) ?? NO_TEXTS;
  }

  private change(scope: RuleScope, texts: RuleTexts): void {
    if (scope === 'user') {
      this.contents = { ...this.contents, user: texts };
      return;
    }
    const others = Object.entries(this.contents.captures).filter(([key]) => key !== this.fingerprint);
    const isEmpty = texts.rules.length === 0 && texts.codecs.length === 0;
    const all = isEmpty || this.fingerprint === null ? others : [...others, [this.fingerprint, texts] as const];
    this.contents = { ...this.contents, captures: Object.fromEntries(all.slice(-MOST_CAPTURES)) };
  }

  private async read(): Promise<void> {
    if (this.isRead) return;
    this.isRead = true;
    if (this.path === null) return;
    try {
      const status = await stat(this.path);
      if (!status.isFile() || status.size > MOST_BYTES) return;
      this.contents = contentsOf(JSON.parse(await readFile(this.path, 'utf8')));
    } catch {
      // Missing or damaged: it counts as empty, and the next change replaces it.
    }
  }
}

function faultOf(of: keyof RuleTexts, text: unknown, dissectorIds: readonly string[]): string | null {
  if (typeof text !== 'string' || text.length > MOST_RULE_LENGTH) return 'This is no rule.';
  const rule = of === 'rules' ? parseDecodeAs(text, dissectorIds) : parseCodecRule(text);
  return typeof rule === 'string' ? rule : null;
}

function savedRule(text: string, scope: RuleScope): SavedRule {
  return text.startsWith(OFF) ? { text: text.slice(OFF.length), scope, isOff: true } : { text, scope };
}

/** Takes what is sound and leaves the rest: the file may be anybody's work. */
function contentsOf(value: unknown): Contents {
  if (!isRecord(value)) return NOTHING;
  const captures = isRecord(value['captures']) ? Object.entries(value['captures']) : [];
  return {
    user: textsOf(value['user']),
    captures: Object.fromEntries(
      captures
        .filter(([key]) => /^-?\d+-[0-9a-f]{32}$/.test(key))
        .slice(-MOST_CAPTURES)
        .map(([key, texts]) => [key, textsOf(texts)]),
    ),
  };
}

function textsOf(value: unknown): RuleTexts {
  if (!isRecord(value)) return NO_TEXTS;
  const listOf = (list: unknown): string[] =>
    Array.isArray(list)
      ? list
          .filter((text): text is string => typeof text === 'string' && text.length <= MOST_RULE_LENGTH)
          .slice(0, MOST_RULES)
      : [];
  return { rules: listOf(value['rules']), codecs: listOf(value['codecs']) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
