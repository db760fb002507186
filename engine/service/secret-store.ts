import { espAddressText, type EspSa, parseEspSa } from '../esp/security-association.ts';
import type { KeyLogText, SecretsView, SrtpKeyInput } from '../../shared/engine-api.ts';
import type { Turns } from '../filter/turns.ts';
import { type ManualKey, parseManualKeyInput } from '../keys/manual-key.ts';
import type { Secrets } from '../keys/secrets.ts';
import { hexText } from '../network/describe/layer-walk.ts';
import { KeyLog } from '../tls/key-log.ts';
import { CodedError } from './coded-error.ts';

/** Text of all key logs together, in UTF-16 units; a log's line is plain ASCII. */
const MOST_TEXT = 64 << 20;
const MOST_LOGS = 1000;
const MOST_KEYS = 256;
/** Text taken between two looks at the clock. */
const STRETCH = 1 << 16;

interface HeldLog extends KeyLogText {
  readonly id: string;
  readonly labels: { label: string; count: number }[];
  readonly badLines: number;
}

interface HeldKey {
  readonly id: string;
  readonly key: ManualKey;
  /** As it was typed. */
  readonly scope: string;
}

interface HeldSa {
  readonly id: string;
  readonly sa: EspSa;
}

/** Makes undone what was done to the store. */
export type Undo = () => void;

/** The key logs, SRTP keys and ESP SAs of a window, for as long as it lives: in memory, and nowhere else. */
export class SecretStore {
  private logs: readonly HeldLog[] = [];
  private keys: readonly HeldKey[] = [];
  private sas: readonly HeldSa[] = [];
  private lastLog = 0;
  private lastKey = 0;
  private lastSa = 0;

  /**
   * Takes all of them, or none where one is wrong: rejects then with a coded sentence, which never holds a secret. What
   * was given before under other names is held twice.
   */
  async add(
    logs: readonly KeyLogText[],
    keys: readonly SrtpKeyInput[],
    sas: readonly string[],
    turns: Turns,
  ): Promise<Undo> {
    const parsed = keys.map(parsedKey);
    const parsedSas = sas.map(parsedSa);
    let text = this.logs.reduce((sum, log) => sum + log.text.length, 0);
    for (const log of logs) text += log.text.length;
    if (text > MOST_TEXT || this.logs.length + logs.length > MOST_LOGS) {
      throw new CodedError('too-large', 'Key logs of more than 64 MiB together are not taken.');
    }
    if (this.keys.length + keys.length > MOST_KEYS) {
      throw new CodedError('too-large', `More than ${MOST_KEYS} SRTP keys are not taken.`);
    }
    if (this.sas.length + sas.length > MOST_KEYS) {
      throw new CodedError('too-large', `More than ${MOST_KEYS} ESP SAs are not taken.`);
    }
    const read: Omit<HeldLog, 'id'>[] = [];
    for (const log of logs) read.push(await readLog(log, turns));

    const addedLogs = read.map((log) => ({ ...log, id: `kl${++this.lastLog}` }));
    const addedKeys = parsed.map((key, i) => ({ id: `k${++this.lastKey}`, key, scope: keys[i].scope.trim() }));
    this.logs = [...this.logs, ...addedLogs];
    const addedSas = parsedSas.map((sa) => ({ id: `sa${++this.lastSa}`, sa }));
    this.keys = [...this.keys, ...addedKeys];
    this.sas = [...this.sas, ...addedSas];
    const added = new Set([...addedLogs, ...addedKeys, ...addedSas].map(({ id }) => id));
    return () => {
      this.logs = this.logs.filter(({ id }) => !added.has(id));
      this.keys = this.keys.filter(({ id }) => !added.has(id));
      this.sas = this.sas.filter(({ id }) => !added.has(id));
    };
  }

  /** Forgets a key log, a key or an SA. Throws with the code `not-found`. */
  remove(wanted: string): Undo {
    const { logs, keys, sas } = this;
    this.logs = logs.filter(({ id }) => id !== wanted);
    this.keys = keys.filter(({ id }) => id !== wanted);
    this.sas = sas.filter(({ id }) => id !== wanted);
    if (this.logs.length + this.keys.length + this.sas.length === logs.length + keys.length + sas.length) {
      throw new CodedError('not-found', 'This secret is not at hand any more.');
    }
    return () => {
      // What was added meanwhile stays, behind those that were there.
      this.logs = [...logs, ...this.logs.filter((log) => !logs.includes(log))];
      this.keys = [...keys, ...this.keys.filter((key) => !keys.includes(key))];
      this.sas = [...sas, ...this.sas.filter((sa) => !sas.includes(sa))];
    };
  }

  /** What is at hand; `authenticatedBy` and `openedBy` count the packets that a key or SA opens in the open capture. */
  view(authenticatedBy: (key: ManualKey) => number, openedBy: (sa: EspSa) => number): Omit<SecretsView, 'embedded'> {
    return {
      keyLogs: this.logs.map(({ id, name, labels, badLines }) => ({ id, name, labels, badLines })),
      srtpKeys: this.keys.map(({ id, key, scope }) => ({
        id,
        scope,
        suite: key.suite.name,
        authenticated: authenticatedBy(key),
      })),
      espSas: this.sas.map(({ id, sa }) => ({ id, ...espWords(sa), opened: openedBy(sa) })),
    };
  }

  /** For one reading of a capture, which adds its own secrets. */
  async forReading(turns: Turns): Promise<Secrets> {
    const keyLog = new KeyLog();
    for (const { text } of this.logs) await addText(keyLog, text, turns);
    return { keyLog, srtpKeys: this.keys.map(({ key }) => key), espSas: this.sas.map(({ sa }) => sa) };
  }
}

function parsedKey(input: SrtpKeyInput): ManualKey {
  const key = parseManualKeyInput(input);
  if ('error' in key) throw new CodedError('bad-key', key.error);
  return key;
}

function parsedSa(line: string): EspSa {
  const sa = parseEspSa(line);
  if (typeof sa === 'string') throw new CodedError('bad-key', `${sa[0].toUpperCase()}${sa.slice(1)}`);
  return sa;
}

/** All but the keys. */
function espWords({ spi, source, destination, cipher, authentication }: EspSa): {
  packets: string;
  algorithms: string;
} {
  const which = spi === null ? 'any SPI' : `SPI ${hexText(spi, 8)}`;
  const between = [source, destination].map((address) => espAddressText(address) ?? 'any');
  const isAnywhere = source === null && destination === null;
  return {
    packets: isAnywhere ? which : `${which}, ${between.join(' → ')}`,
    algorithms: cipher.kind === 'aead' ? cipher.name : `${cipher.name}, ${authentication.name}`,
  };
}

async function readLog({ name, text }: KeyLogText, turns: Turns): Promise<Omit<HeldLog, 'id'>> {
  const log = new KeyLog();
  await addText(log, text, turns);
  if (log.size === 0) {
    const why = log.badLines === 0 ? 'it is empty' : 'no line of it is like CLIENT_RANDOM 52362c… 4b4e2f…';
    throw new CodedError('no-key-log', `${name.slice(0, 120)} is not a key log: ${why}.`);
  }
  return { name, text, labels: log.labels, badLines: log.badLines };
}

/** Adds whole lines, a stretch at a time. A line as long as a stretch is none of a key log's, wherever it is cut. */
async function addText(log: KeyLog, text: string, turns: Turns): Promise<void> {
  for (let from = 0; from < text.length; ) {
    const stretch = text.slice(from, from + STRETCH);
    const isLast = from + stretch.length === text.length;
    const lines = isLast ? stretch : stretch.slice(0, stretch.lastIndexOf('\n') + 1) || stretch;
    log.add(lines);
    from += lines.length;
    await turns.wait();
  }
}
