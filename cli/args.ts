import { Exit, Failure } from './failure.ts';
import {
  COMMON_OPTIONS,
  flagOf,
  FORMATS,
  isFormat,
  LATER_COMMANDS,
  OPTIONS,
  type Options,
  type OptionSpec,
} from './options.ts';
import { nearest } from '../shared/nearest.ts';

/** As much of a command as parsing needs. */
export interface CommandSpec {
  readonly name: string;
  /** Names of the options it takes beyond those that all take. */
  readonly options: readonly string[];
  /** Names of those it cannot do without. */
  readonly required?: readonly string[];
  /** Names of the common options it takes; all where not said. */
  readonly common?: readonly string[];
  /** It can do without a CAPTURE. */
  readonly isCaptureOptional?: boolean;
  /** Says in one sentence what is wrong with the options together, or null. */
  readonly check?: (options: Options) => string | null;
}

export type Parsed<C extends CommandSpec> =
  /** A capture of '' is none, where the command can do without. */
  | { readonly kind: 'run'; readonly command: C; readonly capture: string; readonly options: Options }
  | { readonly kind: 'help'; readonly command: C | null }
  | { readonly kind: 'version' };

/** What stands on the command line, before anything is made of it. */
interface Words {
  readonly positional: string[];
  /** Values by option name; a switch has one empty value. */
  readonly given: Map<string, string[]>;
}

/** Parses a command line without the program's own name. Throws a `Failure` of one sentence where it is wrong. */
export function parseArgs<C extends CommandSpec>(args: readonly string[], commands: readonly C[]): Parsed<C> {
  const { positional, given } = readWords(args);
  const [name, ...rest] = positional;
  if (name === 'help') {
    if (rest.length > 1) throw wrong(`"help" takes one command, not "${rest.join(' ')}"`);
    return { kind: 'help', command: rest.length === 0 ? null : commandNamed(rest[0], commands) };
  }
  if (name === undefined) {
    if (given.has('version')) return { kind: 'version' };
    if (given.has('help')) return { kind: 'help', command: null };
    throw wrong('no command is given; "earshot --help" lists them');
  }
  const command = commandNamed(name, commands);
  if (given.has('help')) return { kind: 'help', command };
  if (given.has('version')) return { kind: 'version' };
  checkOptions(command, given);
  if (rest.length === 0 && command.isCaptureOptional !== true)
    throw wrong(`"${name}" needs a CAPTURE, a file or "-" for standard input`);
  if (rest.length > 1) throw wrong(`"${name}" takes one CAPTURE; "${rest[1]}" is one too many`);
  if (rest[0] === '') throw wrong('the name of the CAPTURE is empty');
  const options = readOptions(given);
  const complaint = command.check?.(options) ?? null;
  if (complaint !== null) throw wrong(complaint);
  return { kind: 'run', command, capture: rest[0] ?? '', options };
}

function readWords(args: readonly string[]): Words {
  const positional: string[] = [];
  const given = new Map<string, string[]>();
  for (let i = 0; i < args.length; i++) {
    const word = args[i];
    if (word === '--') {
      positional.push(...args.slice(i + 1));
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      positional.push(word);
      continue;
    }
    const { option, flag, attached } = optionOf(word);
    let value = '';
    if (option.value !== undefined) {
      const next = attached ?? args[++i];
      if (next === undefined || (attached === null && looksLikeOption(next))) {
        throw wrong(`${flag} needs a value: ${flag} ${option.value}`);
      }
      value = next;
    } else if (attached !== null) {
      throw wrong(`${flag} takes no value`);
    }
    const values = given.get(option.name);
    if (values === undefined) given.set(option.name, [value]);
    else if (option.repeatable === true) values.push(value);
    else throw wrong(`${flag} is given twice`);
  }
  return { positional, given };
}

/** `--name`, `--name=value`, `-n`, `-nvalue`. */
function optionOf(word: string): { option: OptionSpec; flag: string; attached: string | null } {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    const attached = equals < 0 ? null : word.slice(equals + 1);
    const option = OPTIONS.find(({ name }) => `--${name}` === flag);
    if (option === undefined) throw unknownOption(flag);
    return { option, flag, attached };
  }
  const flag = word.slice(0, 2);
  const option = OPTIONS.find(({ letter }) => `-${letter}` === flag);
  if (option === undefined) throw unknownOption(word);
  const attached = word.length === 2 ? null : word.slice(word[2] === '=' ? 3 : 2);
  return { option, flag, attached };
}

/** A value may begin with a dash (a Call-ID may), an option of ours may not be taken for one. */
function looksLikeOption(word: string): boolean {
  if (!word.startsWith('-') || word === '-') return false;
  const flag = word.split('=', 1)[0];
  return OPTIONS.some(({ name, letter }) => flag === `--${name}` || flag === `-${letter}`);
}

function unknownOption(flag: string): Failure {
  const known = OPTIONS.map(({ name }) => `--${name}`);
  return wrong(`there is no option "${flag}"${suggestion(flag, known)}`);
}

function commandNamed<C extends CommandSpec>(name: string, commands: readonly C[]): C {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  if (LATER_COMMANDS.includes(name)) throw notYet(`"${name}"`);
  const known = commands.map((each) => each.name);
  const hint = suggestion(name, known) || '; "earshot --help" lists the commands';
  throw wrong(`there is no command "${name}"${hint}`);
}

function checkOptions(command: CommandSpec, given: Words['given']): void {
  for (const name of given.keys()) {
    const option = specOf(name);
    if ((command.common ?? COMMON_OPTIONS).includes(name) || command.options.includes(name)) continue;
    throw wrong(`${flagOf(option)} is not an option of "${command.name}"`);
  }
  for (const name of command.required ?? []) {
    if (given.has(name)) continue;
    const option = specOf(name);
    throw wrong(`"${command.name}" needs ${flagOf(option)} ${option.value}: ${option.help}`);
  }
}

function specOf(name: string): OptionSpec {
  const option = OPTIONS.find((each) => each.name === name);
  if (option === undefined) throw new Error(`no option --${name} is declared`);
  return option;
}

function readOptions(given: Words['given']): Options {
  const format = given.get('format')?.[0] ?? 'text';
  if (!isFormat(format)) throw wrong(`--format takes ${FORMATS.join(', ')}, not "${format}"`);
  return {
    json: given.has('json'),
    all: given.has('all'),
    noOpen: given.has('no-open'),
    noInband: given.has('no-inband'),
    filter: given.get('filter')?.[0] ?? '',
    limit: countOf(given, 'limit'),
    detail: countOf(given, 'detail'),
    call: textOf(given, 'call'),
    streams: (given.get('stream') ?? []).map((id) => notEmpty(id, '--stream')),
    format,
    mode: given.get('mode')?.[0] ?? 'timestamp',
    with: textOf(given, 'with') ?? '',
    audio: given.has('audio'),
    output: textOf(given, 'output') ?? '',
    directory: textOf(given, 'directory') ?? '',
    withSecrets: given.has('with-secrets'),
    keyLogs: (given.get('keylog') ?? []).map((path) => notEmpty(path, '--keylog')),
    srtpKeys: (given.get('srtp-key') ?? []).map((key) => notEmpty(key, '--srtp-key')),
    espSas: (given.get('esp-sa') ?? []).map((sa) => notEmpty(sa, '--esp-sa')),
    decodeAs: given.get('decode-as') ?? [],
    codecs: given.get('codec') ?? [],
    plugins: (given.get('plugin') ?? []).map((path) => notEmpty(path, '--plugin')),
    export: textOf(given, 'export') ?? '',
  };
}

function textOf(given: Words['given'], name: string): string | null {
  const values = given.get(name);
  return values === undefined ? null : notEmpty(values[0], flagOf(specOf(name)));
}

function notEmpty(value: string, flag: string): string {
  if (value === '') throw wrong(`the value of ${flag} is empty`);
  return value;
}

function countOf(given: Words['given'], name: string): number | null {
  const text = given.get(name)?.[0];
  if (text === undefined) return null;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || !Number.isSafeInteger(number)) {
    throw wrong(`--${name} takes a whole number from 1 on, not "${text}"`);
  }
  return number;
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === null ? '' : `; did you mean "${near}"?`;
}

function notYet(what: string): Failure {
  return wrong(`${what} is not in this version of earshot`);
}

function wrong(sentence: string): Failure {
  return new Failure(Exit.Usage, sentence.endsWith('?') ? sentence : `${sentence}.`);
}
