import { expect, it } from 'vitest';
import { sentenceText, shortText, takenForText } from './suggestion-words.ts';

const row = {
  sentence:
    '1,234,520 packets from 10.0.0.1:5000 to 10.0.0.2:6000 look like RTP (SSRC 0x00001234, payload type 0), but are not taken for it.',
};

it('thousands are parted as everywhere in the window, and nothing else is changed', () => {
  expect(sentenceText(row)).toBe(row.sentence.replace('1,234,520', '1\u202f234\u202f520'));
  expect(sentenceText({ sentence: '7 packets, 8 octets' })).toBe('7 packets, 8 octets');
});

it('a line has its beginning', () => {
  expect(shortText(row)).toBe('1\u202f234\u202f520 packets from 10.0.0.1:5000 to 10.0.0.2:6000 look like RTP');
  expect(
    shortText({ sentence: '21 packets from [::1]:5 to [::2]:6 may hold something else: 5 of 8 packets have.' }),
  ).toBe('21 packets from [::1]:5 to [::2]:6 may hold something else');
});

it.each([
  ['udp.flow==10.0.0.1:1-10.0.0.2:2,rtp', 'RTP'],
  ['udp.flow==10.0.0.1:1-10.0.0.2:2,skip 44,ip', 'IP behind 44 octets'],
  ['udp.port==1,skip 1,rtp', 'RTP behind 1 octet'],
  ['udp.port==1,skip 0,ip', 'IP'],
  ['udp.port==1,sip', 'SIP'],
])('%s takes them for %s', (rule, text) => {
  expect(takenForText({ rule })).toBe(text);
});
