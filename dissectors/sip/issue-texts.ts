/** What the codes of the findings mean, for the detail pane. */
const TEXTS: Readonly<Record<string, string>> = {
  'sip-bad-version': 'The protocol version is not SIP/2.0 (RFC 3261 7.1)',
  'sip-bad-request-line': 'The request line is not method, one space, URI, one space, version (RFC 3261 7.1)',
  'sip-bad-status-line': 'The status line has no status code from 100 to 699 where it belongs (RFC 3261 7.2)',
  'sip-bad-header': 'A line in the header is no header field',
  'sip-duplicate-header': 'This header field may occur only once; the first was taken',
  'sip-bad-content-length': 'Content-Length is not a number',
  'content-length-mismatch': 'Content-Length is not the length of the body',
  'sip-missing-content-length': 'Content-Length is required over a stream (RFC 3261 20.14)',
  'sip-missing-content-type': 'There is a body, and no Content-Type',
  'sip-missing-blank-line': 'The header does not end with a blank line',
  'sip-missing-call-id': 'There is no Call-ID',
  'sip-missing-cseq': 'There is no CSeq',
  'sip-missing-from': 'There is no From',
  'sip-missing-to': 'There is no To',
  'sip-missing-via': 'There is no Via',
  'sip-bad-cseq': 'CSeq is not a 32-bit number and a method (RFC 3261 20.16)',
  'sip-cseq-method-mismatch': "The method in CSeq is not the request's (RFC 3261 8.1.1.5)",
  'sip-bad-multipart': 'The parts of the body are not bounded as Content-Type says (RFC 2046 5.1)',
  'encoded-body': 'The body is compressed or encoded and is not shown decoded',
};

/** A sentence for a code. */
export function issueText(code: string): string {
  return TEXTS[code] ?? code;
}
