import { describe, expect, it } from 'vitest';
import { sipMessage } from './capture-answers.ts';

const message = (...lines: readonly string[]): ReturnType<typeof sipMessage> => sipMessage(lines.join('\r\n'));

describe('sipMessage', () => {
  it('is the start line, the headers in their order, and the body (RFC 3261 section 7.3.1)', () => {
    expect(
      message(
        'INVITE sip:bob@example.com SIP/2.0',
        'Via: a',
        'via :b',
        'Subject: I know you are there,',
        ' pick up',
        '',
        'v=0',
        '',
      ),
    ).toEqual({
      start: 'INVITE sip:bob@example.com SIP/2.0',
      headers: [
        { name: 'Via', value: 'a' },
        { name: 'via', value: 'b' },
        { name: 'Subject', value: 'I know you are there, pick up' },
      ],
      body: 'v=0\r\n',
    });
  });

  it('what is cut or damaged is shown as it is', () => {
    expect(sipMessage('')).toEqual({ start: '', headers: [], body: '' });
    expect(message('BYE x SIP/2.0', 'no colon').headers).toEqual([{ name: '', value: 'no colon' }]);
  });

  it('keys are left out', () => {
    const { body } = message(
      'INVITE x SIP/2.0',
      '',
      'k=base64:c2VjcmV0',
      'a=key-mgmt:mikey AQAFgM0XflABAAAAAAAA',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:32',
      'a=crypto:2 AES_CM_128_HMAC_SHA1_32 INLINE:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj',
      'a=rtpmap:0 PCMU/8000',
    );
    for (const secret of [
      'c2VjcmV0',
      'AQAFgM0XflABAAAAAAAA',
      'd0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj',
      'NzB4d1BINUAvLEw6UzF3WSJ',
    ]) {
      expect(body).not.toContain(secret);
    }
    expect(body).toContain('inline:…|2^20|1:32');
    expect(body).toContain('a=rtpmap:0 PCMU/8000');
  });
});
