/** Every option of every command; a command names those it takes. */

export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  readonly letter?: string;
  /** What follows the option, as help writes it; none for a switch. */
  readonly value?: string;
  readonly repeatable?: boolean;
  readonly help: string;
}

export const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'filter',
    value: 'EXPR',
    help: 'only packets that pass a display filter, as Wireshark writes them',
  },
  { name: 'limit', value: 'N', help: 'at most N packets' },
  { name: 'detail', value: 'N', help: 'packet N with all its fields' },
  { name: 'all', help: 'registrations and other SIP exchanges too' },
  { name: 'call', value: 'ID', help: 'a call, by the id that `calls` shows or by its Call-ID' },
  {
    name: 'stream',
    value: 'ID',
    repeatable: true,
    help: 'a stream, by the id that `streams` shows or by its SSRC (0x…); may be repeated',
  },
  { name: 'format', value: 'FORMAT', help: 'text, the default, svg or mermaid' },
  {
    name: 'mode',
    value: 'MODE',
    help: 'how it is played: timestamp, the default; file, as packets arrived; jitter-buffer[=MS] or jitter-buffer=adaptive',
  },
  { name: 'with', value: 'FILE', help: 'another capture, taken elsewhere at the same time' },
  { name: 'audio', help: 'decode the audio too: levels, clipping, silence, double talk, echo' },
  { name: 'output', letter: 'o', value: 'FILE', help: 'the file to write, "-" for standard output' },
  { name: 'directory', letter: 'd', value: 'DIR', help: 'the folder to write into; made where it is missing' },
  { name: 'no-inband', help: 'leave out tones, for which all audio has to be decoded' },
  { name: 'with-secrets', help: 'write the key log, and secrets that the capture holds, into the file too' },
  { name: 'no-open', help: 'print the address of the window and start no browser' },
  { name: 'json', help: 'one JSON document instead of a table' },
  {
    name: 'keylog',
    value: 'FILE',
    repeatable: true,
    help: 'a key log (SSLKEYLOGFILE), which opens TLS, DTLS and DTLS-SRTP; may be repeated',
  },
  {
    name: 'srtp-key',
    value: 'KEY',
    repeatable: true,
    help: 'an SRTP key, like 0x8369a845=AES_CM_128_HMAC_SHA1_80:BASE64 (see "help keys"); may be repeated',
  },
  {
    name: 'esp-sa',
    value: 'SA',
    repeatable: true,
    help: 'keys of an ESP tunnel, like 0x1234=aes-cbc:HEX,hmac-sha1-96:HEX (see "help keys"); may be repeated',
  },
  {
    name: 'decode-as',
    value: 'RULE',
    repeatable: true,
    help: 'what a port, address or flow carries, like udp.port==5000,rtp (see "help info"); may be repeated',
  },
  {
    name: 'codec',
    value: 'CODEC',
    repeatable: true,
    help: 'what a payload type means, like 96=opus/48000/2 (see "help info"); may be repeated',
  },
  {
    name: 'plugin',
    value: 'DIR',
    repeatable: true,
    help: 'a plugin, or a folder of them; may be repeated',
  },
  { name: 'export', value: 'ID', help: 'what to make: an export of a plugin, by its id' },
  { name: 'help', letter: 'h', help: 'this help' },
  { name: 'version', help: 'the version' },
];

/** The options that every command takes. */
export const COMMON_OPTIONS: readonly string[] = [
  'json',
  'keylog',
  'srtp-key',
  'esp-sa',
  'decode-as',
  'codec',
  'plugin',
  'help',
];

/** Commands documented for later; this version refuses them. */
export const LATER_COMMANDS: readonly string[] = ['sipp'];

/** `--limit`, `-o`. */
export function flagOf(option: OptionSpec): string {
  return option.name.length > 0 && option.letter !== undefined && option.name !== 'help'
    ? `-${option.letter}`
    : `--${option.name}`;
}

/** What a ladder can be drawn as. */
export const FORMATS = ['text', 'svg', 'mermaid'] as const;
export type Format = (typeof FORMATS)[number];

export function isFormat(value: string): value is Format {
  return FORMATS.some((format) => format === value);
}

/** What a command was told. */
export interface Options {
  readonly json: boolean;
  readonly all: boolean;
  readonly noOpen: boolean;
  /** Do not listen for tones. */
  readonly noInband: boolean;
  /** '' lets all packets through. */
  readonly filter: string;
  readonly limit: number | null;
  readonly detail: number | null;
  readonly call: string | null;
  readonly streams: readonly string[];
  readonly format: Format;
  /** How audio is played. */
  readonly mode: string;
  /** Decode the audio too. */
  readonly audio: boolean;
  /** Another capture to compare with; '' where not given, as of those below. */
  readonly with: string;
  readonly output: string;
  readonly directory: string;
  /** Write secrets into the output too. */
  readonly withSecrets: boolean;
  readonly keyLogs: readonly string[];
  readonly srtpKeys: readonly string[];
  readonly espSas: readonly string[];
  readonly decodeAs: readonly string[];
  readonly codecs: readonly string[];
  /** Plugins, and folders of them. */
  readonly plugins: readonly string[];
  /** Of a plugin; '' where not given. */
  readonly export: string;
}
