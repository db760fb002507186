/** The few ways in which output is set off: on a terminal that shows them, else not at all. */
export type Tone = 'plain' | 'bold' | 'dim' | 'good' | 'bad' | 'warn' | 'media' | 'digit';

export type Paint = (text: string, tone: Tone) => string;

const CODES: Readonly<Record<Exclude<Tone, 'plain'>, string>> = {
  bold: '1',
  dim: '2',
  good: '32',
  bad: '31',
  warn: '33',
  media: '36',
  digit: '35',
};

export const paintNothing: Paint = (text) => text;

/** Colours by the 16 that every terminal's user has chosen for themselves. */
export const paintColours: Paint = (text, tone) =>
  tone === 'plain' || text === '' ? text : `\u001b[${CODES[tone]}m${text}\u001b[0m`;

/** Whether colour is wanted: only on a terminal, and not where NO_COLOR is set (no-color.org). */
export function wantsColour(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}
