import { expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { captureOf, type TestDatagram } from '../pass/test-capture.ts';
import { CaptureIndex } from './capture-index.ts';
import { verdictOf } from './overview-verdict.ts';

/** A request of alice's and its answer, in a dialog of its own. */
function exchange(number: number, method: string, answer: string): TestDatagram[] {
  const [alice, server] = ['10.0.0.1:5060', '10.0.0.2:5060'];
  const send = (at: number, start: string, tag: string): TestDatagram => {
    const lines = [
      start,
      `Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK${number}`,
      'From: <sip:alice@example.com>;tag=a',
      `To: <sip:bob@example.com>${tag}`,
      `Call-ID: ${number}@example.com`,
      `CSeq: 1 ${method}`,
      ...(start.startsWith('REGISTER') ? ['Authorization: Digest username="alice"'] : []),
      'Content-Length: 0',
    ];
    const [from, to] = tag === '' ? [alice, server] : [server, alice];
    return { at, from, to, payload: `${lines.join('\r\n')}\r\n\r\n` };
  };
  return [send(number, `${method} sip:bob@example.com SIP/2.0`, ''), send(number + 0.1, `SIP/2.0 ${answer}`, ';tag=b')];
}

async function verdict(...exchanges: readonly TestDatagram[][]): Promise<string> {
  return verdictOf(new CaptureIndex(await captureOf(exchanges.flat(), builtIns))).verdict;
}

const refused = (number: number): TestDatagram[] => exchange(number, 'INVITE', '503 Service Unavailable');
const unregistered = (number: number): TestDatagram[] => exchange(number, 'REGISTER', '401 Unauthorized');

test('where many went wrong, calls are counted apart from registrations', async () => {
  const four = [refused(1), refused(2), refused(3), refused(4)];
  expect(await verdict(...four)).toMatch(/^All 4 calls have errors: Call failed with 503 \(4\)/);
  expect(await verdict(...four, unregistered(5))).toMatch(/^All 4 calls and 1 other exchange have errors/);
  expect(await verdict(refused(1), ...[2, 3, 4].map(unregistered))).toMatch(/^The call and 3 other exchanges have/);
  expect(await verdict(...[1, 2, 3, 4].map(unregistered))).toMatch(/^4 other exchanges have errors/);
});
