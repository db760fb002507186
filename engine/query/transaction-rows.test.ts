import { expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { readCapture } from '../engine.ts';
import { openSource } from '../sources/open-source.ts';
import { callRows } from './call-rows.ts';

async function transactionsOf(name: string) {
  const path = new URL(`../../test/captures/${name}`, import.meta.url).pathname;
  const source = await openSource(path);
  const capture = await readCapture(source, { dissectors: builtIns, fence: false });
  const [row] = callRows(capture, { all: true });
  await source.close();
  return row.transactions.map((t) => [t.method, t.cseq, ...t.provisional, t.finalStatus, t.retransmissions]);
}

it('a refused INVITE takes its ACK in, an answered one does not', async () => {
  // 486 and its ACK: one transaction. Packets by `tshark -Y sip -T fields -e sip.Method -e sip.Status-Code`.
  expect(await transactionsOf('rejected.pcap')).toEqual([['INVITE', 1, 100, 486, 0]]);
  expect(await transactionsOf('g711a-call.pcap')).toEqual([
    ['INVITE', expect.any(Number), 180, 200, 0],
    ['ACK', expect.any(Number), null, 0],
    ['BYE', expect.any(Number), 200, 0],
  ]);
});

it('CANCEL is a transaction beside the INVITE it cancels', async () => {
  const rows = await transactionsOf('cancelled.pcap');
  expect(rows.map(([method]) => method)).toEqual(['INVITE', 'CANCEL']);
  expect(rows[0]).toContain(487);
  expect(rows[1]).toContain(200);
});

it('an INVITE nobody answers is one transaction, sent seven times', async () => {
  expect(await transactionsOf('no-answer.pcap')).toEqual([['INVITE', expect.any(Number), null, 6]]);
});
