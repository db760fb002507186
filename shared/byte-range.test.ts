import { describe, expect, it } from 'vitest';
import { answerRange } from './byte-range.ts';

// The examples of RFC 9110 section 14.1.2 for a length of 10000, and what section 14.2 says of the others.
describe('answerRange of 10000 octets', () => {
  it.each([
    ['the first 500', 'bytes=0-499', 0, 500, 'bytes 0-499/10000'],
    ['the second 500', 'bytes=500-999', 500, 1000, 'bytes 500-999/10000'],
    ['the final 500', 'bytes=-500', 9500, 10000, 'bytes 9500-9999/10000'],
    ['from 9500 on', 'bytes=9500-', 9500, 10000, 'bytes 9500-9999/10000'],
    ['one octet', 'bytes=0-0', 0, 1, 'bytes 0-0/10000'],
    ['an end past the end', 'bytes=9999-20000', 9999, 10000, 'bytes 9999-9999/10000'],
    ['a suffix longer than all', 'bytes=-20000', 0, 10000, 'bytes 0-9999/10000'],
    ['another spelling', 'Bytes=1-2', 1, 3, 'bytes 1-2/10000'],
  ])('%s', (_name, header, from, to, contentRange) => {
    const answer = answerRange(10000, header);
    expect(answer).toMatchObject({ status: 206, from, to });
    expect(answer.headers['Content-Range']).toBe(contentRange);
    expect(answer.headers['Content-Length']).toBe(String(to - from));
  });

  it.each([
    ['none', null],
    ['another unit', 'lines=0-5'],
    ['several', 'bytes=0-1,5-6'],
    ['backwards', 'bytes=6-5'],
    ['nothing', 'bytes=-'],
    ['words', 'bytes=a-b'],
    ['a sign', 'bytes=--5'],
  ])('%s: everything', (_name, header) => {
    const answer = answerRange(10000, header);
    expect(answer).toMatchObject({ status: 200, from: 0, to: 10000 });
    expect(answer.headers).toEqual({ 'Accept-Ranges': 'bytes', 'Content-Length': '10000' });
  });

  it.each(['bytes=10000-', 'bytes=10000-10001', 'bytes=-0', 'bytes=99999999999999999999999-'])(
    '%s cannot be satisfied',
    (header) => {
      const answer = answerRange(10000, header);
      expect(answer).toMatchObject({
        status: 416,
        headers: { 'Content-Range': 'bytes */10000', 'Content-Length': '0' },
      });
      expect(answer.to - answer.from).toBe(0);
    },
  );

  it('gives everything where a validator is asked after', () => {
    expect(answerRange(10000, 'bytes=0-0', '"x"').status).toBe(200);
  });

  it('of nothing there is no part', () => {
    expect(answerRange(0, 'bytes=0-').status).toBe(416);
    expect(answerRange(0, null)).toMatchObject({ status: 200, from: 0, to: 0 });
  });
});
