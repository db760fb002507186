import { describe, expect, it } from 'vitest';
import { type CommandSpec, parseArgs } from './args.ts';
import { commands } from './commands/index.ts';
import { Failure } from './failure.ts';

const parse = (line: string): ReturnType<typeof parseArgs<CommandSpec>> =>
  parseArgs<CommandSpec>(words(line), commands);
const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

/** The sentence a command line is refused with. */
function refusal(line: string): string {
  try {
    parse(line);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.exit).toBe(2);
    return error.message;
  }
  throw new Error(`"${line}" was accepted`);
}

describe('command lines that are right', () => {
  it.each([
    ['calls a.pcap', 'calls', 'a.pcap', {}],
    ['calls --all a.pcap', 'calls', 'a.pcap', { all: true }],
    ['--json calls a.pcap', 'calls', 'a.pcap', { json: true }],
    ['calls -', 'calls', '-', {}],
    ['calls -- --odd.pcap', 'calls', '--odd.pcap', {}],
    ['packets a.pcap --limit 20', 'packets', 'a.pcap', { limit: 20 }],
    ['packets --limit=20 a.pcap', 'packets', 'a.pcap', { limit: 20 }],
    ['packets --detail 7 a.pcap', 'packets', 'a.pcap', { detail: 7 }],
    ['flow --call c1 a.pcap --format text', 'flow', 'a.pcap', { call: 'c1', format: 'text' }],
    ['flow a.pcap --call -odd@host', 'flow', 'a.pcap', { call: '-odd@host' }],
    ['wav a.pcap -o out.wav', 'wav', 'a.pcap', { output: 'out.wav' }],
    ['wav -oout.wav a.pcap', 'wav', 'a.pcap', { output: 'out.wav' }],
    ['wav --output out.wav a.pcap', 'wav', 'a.pcap', { output: 'out.wav' }],
    ['wav a.pcap --stream s1 --stream 0xab -o o.wav', 'wav', 'a.pcap', { streams: ['s1', '0xab'] }],
    ['split a.pcap -d out', 'split', 'a.pcap', { directory: 'out' }],
    ['keys a.pcap', 'keys', 'a.pcap', { keyLogs: [], srtpKeys: [] }],
    ['calls a.pcap --keylog k1 --keylog=k2', 'calls', 'a.pcap', { keyLogs: ['k1', 'k2'] }],
    ['wav a.pcap -o b.wav --srtp-key 1=S:aa== --srtp-key @k', 'wav', 'a.pcap', { srtpKeys: ['1=S:aa==', '@k'] }],
    ['decrypt a.pcap -o b', 'decrypt', 'a.pcap', { output: 'b', withSecrets: false }],
    ['decrypt a.pcap -o b --with-secrets', 'decrypt', 'a.pcap', { output: 'b', withSecrets: true }],
    ['open a.pcap', 'open', 'a.pcap', { noOpen: false }],
    ['open --no-open', 'open', '', { noOpen: true }],
    ['info a.pcap --decode-as udp.port==1,rtp --decode-as x', 'info', 'a.pcap', { decodeAs: ['udp.port==1,rtp', 'x'] }],
    ['info a.pcap --codec 96=opus/48000/2', 'info', 'a.pcap', { codecs: ['96=opus/48000/2'] }],
  ])('%s', (line, command, capture, options) => {
    const parsed = parse(line);
    expect(parsed).toMatchObject({ kind: 'run', command: { name: command }, capture, options });
  });

  it.each([
    ['--help', null],
    ['-h', null],
    ['help', null],
    ['help wav', 'wav'],
    ['wav --help', 'wav'],
    ['wav -h', 'wav'],
  ])('%s shows help', (line, command) => {
    const parsed = parse(line);
    expect(parsed.kind).toBe('help');
    expect(parsed.kind === 'help' ? (parsed.command?.name ?? null) : undefined).toBe(command);
  });

  it('knows --version', () => {
    expect(parse('--version')).toEqual({ kind: 'version' });
  });
});

describe('command lines that are wrong', () => {
  it.each([
    ['', 'no command is given; "earshot --help" lists them.'],
    ['cals a.pcap', 'there is no command "cals"; did you mean "calls"?'],
    ['stream a.pcap', 'there is no command "stream"; did you mean "streams"?'],
    ['nonsense a.pcap', 'there is no command "nonsense"; "earshot --help" lists the commands.'],
    ['calls', '"calls" needs a CAPTURE, a file or "-" for standard input.'],
    ['calls a.pcap b.pcap', '"calls" takes one CAPTURE; "b.pcap" is one too many.'],
    ['calls a.pcap --jsn', 'there is no option "--jsn"; did you mean "--json"?'],
    ['calls a.pcap -x', 'there is no option "-x".'],
    ['calls a.pcap --limit 3', '--limit is not an option of "calls".'],
    ['calls a.pcap -o x.wav', '-o is not an option of "calls".'],
    ['packets a.pcap --limit', '--limit needs a value: --limit N.'],
    ['packets a.pcap --limit --json', '--limit needs a value: --limit N.'],
    ['packets a.pcap --limit ten', '--limit takes a whole number from 1 on, not "ten".'],
    ['packets a.pcap --limit 0', '--limit takes a whole number from 1 on, not "0".'],
    ['packets a.pcap --limit -3', '--limit takes a whole number from 1 on, not "-3".'],
    ['packets a.pcap --limit 1.5', '--limit takes a whole number from 1 on, not "1.5".'],
    ['packets a.pcap --limit 1e3', '--limit takes a whole number from 1 on, not "1e3".'],
    [
      'packets a.pcap --limit 99999999999999999999',
      '--limit takes a whole number from 1 on, not "99999999999999999999".',
    ],
    ['packets a.pcap --limit 1 --limit 2', '--limit is given twice.'],
    ['packets a.pcap --limit 1 --detail 2', '--limit and --detail cannot be together: --detail shows one packet.'],
    ['calls a.pcap --json --json', '--json is given twice.'],
    ['calls a.pcap --json=yes', '--json takes no value.'],
    ['flow a.pcap', '"flow" needs --call ID: a call, by the id that `calls` shows or by its Call-ID.'],
    ['flow a.pcap --call=', 'the value of --call is empty.'],
    ['flow a.pcap --call c1 --format pdf', '--format takes text, svg, mermaid, not "pdf".'],
    ['wav a.pcap', '"wav" needs -o FILE: the file to write, "-" for standard output.'],
    [
      'wav a.pcap -o x.wav --call c1 --stream s1',
      '--call and --stream cannot be together: a call has all its streams.',
    ],
    ['decrypt a.pcap', '"decrypt" needs -o FILE: the file to write, "-" for standard output.'],
    ['wav a.pcap -o b --with-secrets', '--with-secrets is not an option of "wav".'],
    ['keys a.pcap --keylog', '--keylog needs a value: --keylog FILE.'],
    ['keys a.pcap --srtp-key=', 'the value of --srtp-key is empty.'],
    ['open a.pcap --keylog x', '--keylog is not an option of "open".'],
    ['open a.pcap --json', '--json is not an option of "open".'],
    ['open a.pcap b.pcap', '"open" takes one CAPTURE; "b.pcap" is one too many.'],
    ['split a.pcap', '"split" needs -d DIR: the folder to write into; made where it is missing.'],
    ['help nonsense', 'there is no command "nonsense"; "earshot --help" lists the commands.'],
  ])('%s', (line, sentence) => {
    expect(refusal(line)).toBe(sentence);
  });

  it.each([
    ['sipp a.pcap', '"sipp"'],
    ['sipp a.pcap --call 1 -d x', '"sipp"'],
  ])('%s is for a later version', (line, what) => {
    expect(refusal(line)).toBe(`${what} is not in this version of earshot.`);
  });
});
