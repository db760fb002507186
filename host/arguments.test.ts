import { expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';

it.each([
  [[], {}, null, true],
  [['a.pcap'], {}, 'a.pcap', true],
  [['--no-open', 'a.pcap'], {}, 'a.pcap', false],
  [['a.pcap'], { EARSHOT_NO_BROWSER: '1' }, 'a.pcap', false],
  [['a.pcap'], { EARSHOT_NO_BROWSER: '' }, 'a.pcap', true],
  [['--', '--odd.pcap'], {}, '--odd.pcap', true],
])('%j with %j', (args, environment, capture, isBrowserWanted) => {
  expect(parseArguments(args, environment)).toEqual({ capture, isBrowserWanted });
});

it.each([
  [['-'], 'standard input'],
  [['--open'], '"--open"'],
  [['a', 'b'], '"b" is one too many'],
])('%j is wrong', (args, message) => {
  expect(() => parseArguments(args, {})).toThrow(message);
});
