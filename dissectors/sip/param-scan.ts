/** Finds one parameter of a header value in the octets: the `tag` of From and To, the `branch` of Via. */
import { sameWord, word } from './header-names.ts';
import { afterQuoted, COMMA, EQUALS, GREATER, isSpace, isTokenOctet, LESS, QUOTE, SEMICOLON } from './octet-classes.ts';

const TAG = word('tag');

/** Where a parameter was found, as places in `bytes`. One object is reused for all messages. */
export class ParamScan {
  /** The value; -1 where the parameter is absent. A quoted value is given without its quotes. */
  at = -1;
  length = 0;
  /** The end of the octets before the parameter's semicolon, and the end of the parameter. */
  before = 0;
  end = 0;

  /**
   * Looks for `name` (lower case) among the parameters of the value from `at` to `end`, outside angle brackets and
   * quoted strings: what is inside `<>` belongs to the URI (RFC 3261 section 20.10). `stopAtComma` looks at the
   * first of several values only.
   */
  find(bytes: Uint8Array, at: number, end: number, name: Uint8Array, stopAtComma: boolean): boolean {
    this.at = -1;
    this.length = 0;
    for (let i = at; i < end; i++) {
      const octet = bytes[i];
      // Letters are above all octets that matter, figures and dots between them: that is most of what there is.
      if (octet > LESS || (octet > COMMA && octet < SEMICOLON)) continue;
      if (octet === SEMICOLON) {
        if (this.take(bytes, i, end, name)) return true;
      } else if (octet === LESS) {
        while (i < end && bytes[i] !== GREATER) i++;
      } else if (octet === QUOTE) i = afterQuoted(bytes, i, end) - 1;
      else if (octet === COMMA && stopAtComma) return false;
    }
    return false;
  }

  /**
   * Looks for the tag of a From or To value. Nearly all end in `>` (no tag) or in `>;tag=…`: those are told from
   * their last octets, which spares a walk over every URI of the capture. The others are walked.
   */
  findTag(bytes: Uint8Array, at: number, end: number): boolean {
    this.at = -1;
    this.length = 0;
    if (end > at && bytes[end - 1] === GREATER) return false;
    let from = end;
    while (from > at && isTokenOctet(bytes[from - 1])) from--;
    const semicolon = from - 5;
    if (from < end && semicolon > at && bytes[semicolon - 1] === GREATER && bytes[semicolon] === SEMICOLON) {
      if (bytes[from - 1] === EQUALS && sameWord(bytes, semicolon + 1, TAG)) {
        this.at = from;
        this.length = end - from;
        this.before = semicolon;
        this.end = end;
        return true;
      }
    }
    return this.find(bytes, at, end, TAG, false);
  }

  private take(bytes: Uint8Array, semicolon: number, end: number, name: Uint8Array): boolean {
    let i = semicolon + 1;
    while (i < end && isSpace(bytes[i])) i++;
    if (end - i <= name.length || !sameWord(bytes, i, name)) return false;
    i += name.length;
    while (i < end && isSpace(bytes[i])) i++;
    if (i >= end || bytes[i] !== EQUALS) return false;
    i++;
    while (i < end && isSpace(bytes[i])) i++;
    this.before = semicolon;
    while (this.before > 0 && isSpace(bytes[this.before - 1])) this.before--;
    if (i < end && bytes[i] === QUOTE) {
      this.end = afterQuoted(bytes, i, end);
      this.at = i + 1;
      const closed = this.end - 1 > i && bytes[this.end - 1] === QUOTE;
      this.length = (closed ? this.end - 1 : this.end) - this.at;
      return true;
    }
    this.at = i;
    while (i < end && isTokenOctet(bytes[i])) i++;
    while (i < end && bytes[i] !== SEMICOLON && bytes[i] !== COMMA && !isSpace(bytes[i])) i++;
    this.length = i - this.at;
    this.end = i;
    return true;
  }
}
