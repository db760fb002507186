import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { OWN_CAPTURES } from '../../test/integration/capture-files.ts';
import { run } from '../run.ts';

const CAPTURE = join(OWN_CAPTURES, 'g711a-call.pcap');

async function earshot(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exit = await run(args, { stdout, stderr, environment: {}, signal: new AbortController().signal });
  return { exit, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

test('shows only the packets that pass a filter', async () => {
  const { exit, out } = await earshot('packets', CAPTURE, '--filter', 'sip.Method == "INVITE" || icmp', '--json');
  expect(exit).toBe(0);
  expect(JSON.parse(out).packets.map((row: { packet: number }) => row.packet)).toEqual([3, 839]);
  const table = await earshot('packets', CAPTURE, '--filter', 'rtp', '--limit', '2');
  expect(table.out.trimEnd().split('\n').slice(2)).toHaveLength(3);
  expect(table.out).toContain('822 of 839 packets pass');
});

test('says that no packet passes, which is no failure', async () => {
  const { exit, out } = await earshot('packets', CAPTURE, '--filter', 'ipv6');
  expect([exit, out.trimEnd().split('\n').at(-1)]).toEqual([0, '0 of 839 packets pass']);
});

test('refuses a wrong filter before it reads the capture', async () => {
  expect(await earshot('packets', '/no/such/file', '--filter', 'frame.len >')).toEqual({
    exit: 2,
    out: '',
    err: 'earshot: --filter, at character 11: a number is missing after >.\n',
  });
  const { exit, err } = await earshot('packets', CAPTURE, '--filter', 'sip', '--detail', '1');
  expect([exit, err]).toEqual([2, 'earshot: --filter and --detail cannot be together: --detail shows one packet.\n']);
});
