import { expect, it } from 'vitest';
import { faultText, trialText } from './trial-text.ts';

const trial = (packets: number, error: string | null = null) => ({ packets, error, part: null });

it('how many packets match, and nothing where nobody knows', () => {
  expect(trialText(null, { match: 'port' })).toBe('Counting…');
  expect(trialText(trial(1), { match: 'port' })).toBe('1 packet of this capture matches.');
  expect(trialText(trial(1520), { match: 'ssrc' })).toBe('1\u202f520 packets of this capture match.');
  expect(trialText(trial(0), { match: 'port' })).toBe('No packet of this capture matches.');
  expect(trialText(trial(0), { match: 'ssrc' })).toContain('looks like RTP');
  expect(trialText(trial(-1), { match: 'port' })).toBe('');
  expect(trialText(trial(0, 'Wrong.'), { match: 'port' })).toBe('');
});

it('a fault does not repeat the rule', () => {
  expect(faultText('Port 70000 is not between 1 and 65535 (in "udp.port==70000,rtp").')).toBe(
    'Port 70000 is not between 1 and 65535.',
  );
  expect(faultText('There is no dissector "x"; there are rtp.')).toBe('There is no dissector "x"; there are rtp.');
});
