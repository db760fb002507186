import { createReadStream } from 'node:fs';
import { type EspSa, parseEspSa } from '../engine/esp/security-association.ts';
import { type ManualKey, parseManualKey } from '../engine/keys/manual-key.ts';
import type { Secrets } from '../engine/keys/secrets.ts';
import { KeyLog } from '../engine/tls/key-log.ts';
import { codeOf, Exit, Failure, reasonOf } from './failure.ts';
import { countOf } from './format.ts';
import type { Options } from './options.ts';

/** A line of a key log has some two hundred characters; what has none for so long is something else. */
const MAX_LINE_CHARACTERS = 1 << 16;
/** Keys in a file: each of them is tried on streams. */
const MAX_SRTP_KEYS = 10_000;
const MAX_ESP_SAS = 10_000;

/** The secrets that the options name, and what is to be said of them. */
export interface GivenSecrets {
  readonly secrets: Secrets;
  /** Sentences, none of which has a secret in it. */
  readonly notes: readonly string[];
}

/**
 * Reads what `--keylog`, `--srtp-key` and `--esp-sa` name; throws a `Failure` where a file cannot be read, or is not what it
 * should be.
 */
export async function readSecrets({
  keyLogs,
  srtpKeys,
  espSas,
}: Pick<Options, 'keyLogs' | 'srtpKeys' | 'espSas'>): Promise<GivenSecrets> {
  const keyLog = new KeyLog();
  const notes: string[] = [];
  for (const path of keyLogs) {
    const note = await readKeyLog(path, keyLog);
    if (note !== null) notes.push(note);
  }
  const keys = await readGiven(srtpKeys, SRTP_KEYS);
  const sas = await readGiven(espSas, ESP_SAS);
  return { secrets: { keyLog, srtpKeys: keys, espSas: sas }, notes };
}

/** Adds a file's secrets to `into`; gives a sentence where something about the file is to be said. */
async function readKeyLog(path: string, into: KeyLog): Promise<string | null> {
  // On its own first: what the file holds is not to be mixed up with what other files held.
  const own = new KeyLog();
  for await (const lines of linesOf(path, 'the key log')) {
    own.add(lines);
    into.add(lines);
  }
  const { size, badLines } = own;
  if (size === 0 && badLines > 0) {
    throw new Failure(Exit.Usage, `--keylog: ${path} is not a key log: no line of it is "LABEL CLIENT-RANDOM SECRET".`);
  }
  if (size === 0) return `the key log ${path} holds no secrets.`;
  return badLines === 0 ? null : `${countOf(badLines, 'line')} of the key log ${path} cannot be understood.`;
}

/** Keys that are given one by one, or in a file with one on each line. */
interface KeyOption<T> {
  readonly flag: string;
  /** One and several of them, for a person. */
  readonly word: string;
  readonly words: string;
  readonly most: number;
  /** A string is what is wrong, a sentence. */
  readonly parse: (text: string) => T | string;
}

const SRTP_KEYS: KeyOption<ManualKey> = {
  flag: '--srtp-key',
  word: 'key',
  words: 'keys',
  most: MAX_SRTP_KEYS,
  parse: parseManualKey,
};

const ESP_SAS: KeyOption<EspSa> = {
  flag: '--esp-sa',
  word: 'ESP SA',
  words: 'ESP SAs',
  most: MAX_ESP_SAS,
  parse: parseEspSa,
};

async function readGiven<T>(texts: readonly string[], option: KeyOption<T>): Promise<T[]> {
  const keys: T[] = [];
  for (const text of texts) {
    if (text.startsWith('@')) keys.push(...(await readKeyFile(text.slice(1), option)));
    else keys.push(parseKey(text, option.flag, option));
  }
  const { flag, words, most } = option;
  if (keys.length > most) throw new Failure(Exit.Usage, `${flag}: more than ${most} ${words} are given.`);
  return keys;
}

async function readKeyFile<T>(path: string, option: KeyOption<T>): Promise<T[]> {
  const { flag, word, words, most } = option;
  if (path === '') throw new Failure(Exit.Usage, `${flag}: the name of the file after "@" is empty.`);
  const keys: T[] = [];
  let number = 0;
  for await (const lines of linesOf(path, 'the keys')) {
    for (const line of lines.split('\n')) {
      number++;
      const text = line.trim();
      if (text === '' || text.startsWith('#')) continue;
      keys.push(parseKey(text, `${flag}: line ${number} of ${path}`, option));
      if (keys.length > most) throw new Failure(Exit.Usage, `${flag}: ${path} has more than ${most} ${words}.`);
    }
  }
  if (keys.length === 0) throw new Failure(Exit.Usage, `${flag}: there is no ${word} in ${path}.`);
  return keys;
}

function parseKey<T>(text: string, where: string, { parse }: KeyOption<T>): T {
  const key = parse(text);
  if (typeof key === 'string') throw new Failure(Exit.Usage, `${where}: ${key}`);
  return key;
}

/** Whole lines of a file, many at a time, without the last line feed; a pipe will do as well. */
async function* linesOf(path: string, what: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'latin1' })) {
      const text = rest + String(chunk);
      const end = text.lastIndexOf('\n');
      if (end >= 0) yield text.slice(0, end);
      rest = text.slice(end + 1);
      if (rest.length > MAX_LINE_CHARACTERS) break;
    }
  } catch (error) {
    if (codeOf(error) === '') throw error;
    throw new Failure(Exit.Unreadable, `cannot read ${what} ${path}: ${reasonOf(error)}.`);
  }
  if (rest !== '') yield rest;
}
