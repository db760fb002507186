/** What to answer to a request for octets of something whose length is known: RFC 9110 sections 14 and 15.3.7. */
export interface RangeAnswer {
  readonly status: 200 | 206 | 416;
  /** First octet to send, and the one after the last. Equal with 416. */
  readonly from: number;
  readonly to: number;
  /** Accept-Ranges, Content-Length and, but for 200, Content-Range. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers a `Range` header. One range is honoured; several, other units and malformed ones are ignored, as the RFC allows,
 * and so is every range beside an `If-Range`, because no validators are handed out.
 */
export function answerRange(lengthBytes: number, range: string | null, ifRange: string | null = null): RangeAnswer {
  const asked = range === null || ifRange !== null ? null : parseRange(range, lengthBytes);
  if (asked === null) return { status: 200, from: 0, to: lengthBytes, headers: headersOf(lengthBytes, null) };
  if (asked.from >= asked.to) {
    return { status: 416, from: 0, to: 0, headers: headersOf(0, `bytes */${lengthBytes}`) };
  }
  const { from, to } = asked;
  return { status: 206, from, to, headers: headersOf(to - from, `bytes ${from}-${to - 1}/${lengthBytes}`) };
}

/** null where the header is to be ignored; from >= to where it cannot be satisfied. */
function parseRange(range: string, lengthBytes: number): { from: number; to: number } | null {
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(range);
  if (match === null) return null;
  const [, first, last] = match;
  if (first === '') {
    if (last === '') return null;
    return { from: Math.max(0, lengthBytes - Number(last)), to: lengthBytes };
  }
  const from = Number(first);
  if (last === '') return { from, to: lengthBytes };
  if (Number(last) < from) return null;
  return { from, to: Math.min(Number(last) + 1, lengthBytes) };
}

function headersOf(lengthBytes: number, contentRange: string | null): Record<string, string> {
  return {
    'Accept-Ranges': 'bytes',
    'Content-Length': String(lengthBytes),
    ...(contentRange === null ? {} : { 'Content-Range': contentRange }),
  };
}
