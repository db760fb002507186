/** What the codes of the findings mean, for the detail pane. */
const TEXTS: Readonly<Record<string, string>> = {
  'sdp-bad-line': 'This line is not a letter, an equals sign and a value',
  'sdp-bad-value': 'The value of this line is not as RFC 8866 has it',
  'sdp-unknown-type': 'No line of this letter belongs here',
  'sdp-bad-media': 'The media line is not media, port, protocol and formats',
  'sdp-missing-version': 'There is no v= line',
  'sdp-no-media': 'There is no m= line: nothing is offered or answered',
};

/** A sentence for a code. */
export function issueText(code: string): string {
  return TEXTS[code] ?? code;
}
