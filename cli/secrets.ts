import { createReadStream } from 'node:fs';
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

/** The secrets that the options name, and what is to be said of them. */
export interface GivenSecrets {
  readonly secrets: Secrets;
  /** Sentences, none of which has a secret in it. */
  readonly notes: readonly string[];
}

/** Reads what `--keylog` and `--srtp-key` name; throws a `Failure` where a file cannot be read, or is not what it should be. */
export async function readSecrets({ keyLogs, srtpKeys }: Pick<Options, 'keyLogs' | 'srtpKeys'>): Promise<GivenSecrets> {
  const keyLog = new KeyLog();
  const notes: string[] = [];
  for (const path of keyLogs) {
    const note = await readKeyLog(path, keyLog);
    if (note !== null) notes.push(note);
  }
  const keys: ManualKey[] = [];
  for (const text of srtpKeys) {
    if (text.startsWith('@')) keys.push(...(await readKeyFile(text.slice(1))));
    else keys.push(parseKey(text, '--srtp-key'));
  }
  if (keys.length > MAX_SRTP_KEYS)
    throw new Failure(Exit.Usage, `--srtp-key: more than ${MAX_SRTP_KEYS} keys are given.`);
  return { secrets: { keyLog, srtpKeys: keys }, notes };
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

async function readKeyFile(path: string): Promise<ManualKey[]> {
  if (path === '') throw new Failure(Exit.Usage, '--srtp-key: the name of the file after "@" is empty.');
  const keys: ManualKey[] = [];
  let number = 0;
  for await (const lines of linesOf(path, 'the keys')) {
    for (const line of lines.split('\n')) {
      number++;
      const text = line.trim();
      if (text === '' || text.startsWith('#')) continue;
      keys.push(parseKey(text, `--srtp-key: line ${number} of ${path}`));
      if (keys.length > MAX_SRTP_KEYS)
        throw new Failure(Exit.Usage, `--srtp-key: ${path} has more than ${MAX_SRTP_KEYS} keys.`);
    }
  }
  if (keys.length === 0) throw new Failure(Exit.Usage, `--srtp-key: there is no key in ${path}.`);
  return keys;
}

function parseKey(text: string, where: string): ManualKey {
  const key = parseManualKey(text);
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
