/**
 * Texts of a capture are written by strangers. What could command a terminal, or make a line read other than it is
 * written, does not reach it.
 */

const REPLACEMENT = '\ufffd';

/** Control characters, DEL and C1 included: a terminal may obey them. */
const CONTROLS = /\p{Cc}/gu;
/** Direction marks and overrides, separators, and characters of no width that hide in a name. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;

/** Printable ASCII, and the dashes and dots that the tables themselves are made with: one column each, and harmless. */
const PLAIN = /^[\x20-\x7e\u2010-\u2027]*$/;

/** Whether every character of a text is harmless, and takes one column. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** The text for one line of a terminal: `·` for control characters, U+FFFD for what is invisible or no character. */
export function safeText(text: string): string {
  if (isPlain(text)) return text;
  return text.replace(CONTROLS, '·').replace(INVISIBLE, REPLACEMENT).replace(LONE_SURROGATE, REPLACEMENT);
}

/** What JSON leaves as it is and a terminal may obey. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The same JSON with characters that a terminal could obey written as `\uXXXX`; it parses to the same value. */
export function safeJson(json: string): string {
  return json.replace(UNSAFE_IN_JSON, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const ZERO_WIDTH = /^\p{M}$/u;
/** East Asian wide and full-width characters, and emoji, take two columns. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

/** Columns of a terminal that a safe text takes. */
export function textWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (character.length === 1 && character <= '\u02ff') return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The text in at most `width` columns, its end cut with `…` where it is longer. */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  let fitted = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width - 1) break;
    fitted += character;
  }
  return `${fitted}…`;
}

const BLANKS = Array.from({ length: 64 }, (_, count) => ' '.repeat(count));

/** So many spaces; none where there are less than one. */
export function blanks(count: number): string {
  return count <= 0 ? '' : (BLANKS[count] ?? ' '.repeat(count));
}

/** Fills up with spaces to `width` columns. */
export function padText(text: string, width: number, align: 'left' | 'right'): string {
  const missing = blanks(width - textWidth(text));
  return align === 'left' ? text + missing : missing + text;
}
