import type { Command } from './command.ts';
import { COMMON_OPTIONS, OPTIONS, type OptionSpec } from './options.ts';

/** The overview: `earshot --help`. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 3;
  return [
    'earshot reads a capture of SIP and RTP and says what is in it.',
    '',
    '    earshot COMMAND CAPTURE [options]',
    '',
    'CAPTURE is a pcap, pcapng, snoop or rtpdump file, a log of Chromium or Firefox with RTP in it, or a hex dump; any of them',
    'gzipped, or "-" for standard input.',
    '',
    ...commands.map(({ name, summary }) => `    ${name.padEnd(width)}${summary}`),
    '',
    'Options of every command:',
    '',
    ...optionLines(COMMON_OPTIONS),
    '',
    '"earshot help COMMAND" tells a command\'s own options.',
    '',
    ...exits(),
  ].join('\n');
}

/** `earshot help COMMAND`. */
export function helpOf(command: Command): string {
  const required = command.required ?? [];
  const common = command.common ?? COMMON_OPTIONS;
  const isRead = 'run' in command;
  const words = command.options.map((name) => {
    const option = optionNamed(name);
    const text = option.value === undefined ? shortest(option) : `${shortest(option)} ${option.value}`;
    return required.includes(name) ? text : `[${text}]${option.repeatable === true ? '…' : ''}`;
  });
  return [
    `earshot ${command.name}: ${command.summary}`,
    '',
    `    ${['earshot', command.name, command.isCaptureOptional === true ? '[CAPTURE]' : 'CAPTURE', ...words, '[options]'].join(' ')}`,
    '',
    `CAPTURE is a pcap, pcapng, snoop or rtpdump file, a browser's RTP log or a hex dump; any gzipped${isRead ? ', or "-"' : ''}.`,
    '',
    ...optionLines([...command.options, ...common]),
    '',
    ...(command.remarks === undefined ? [] : [...command.remarks, '']),
    command.examples.length === 1 ? 'For example:' : 'Examples:',
    '',
    ...command.examples.map((example) => `    ${example}`),
    '',
  ].join('\n');
}

function optionLines(names: readonly string[]): string[] {
  const left = names.map((name) => {
    const { letter, value } = optionNamed(name);
    const flags = letter === undefined ? `    --${name}` : `-${letter}, --${name}`;
    return value === undefined ? flags : `${flags} ${value}`;
  });
  const width = Math.max(...left.map((text) => text.length)) + 3;
  return names.map((name, i) => `    ${left[i].padEnd(width)}${optionNamed(name).help}`);
}

function exits(): string[] {
  return [
    'Exit status: 0 done (a damaged capture is done, with warnings), 1 what was asked for is not in the capture,',
    '2 wrong usage, 3 the input cannot be read or the output not be written.',
    '',
  ];
}

function shortest({ letter, name }: OptionSpec): string {
  return letter === undefined ? `--${name}` : `-${letter}`;
}

function optionNamed(name: string): OptionSpec {
  const option = OPTIONS.find((each) => each.name === name);
  if (option === undefined) throw new Error(`no option --${name} is declared`);
  return option;
}
