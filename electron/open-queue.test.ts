import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { capturesOf, OpenQueue } from './open-queue.ts';

test('what comes early waits for the window, what comes later goes straight to it', () => {
  const queue = new OpenQueue();
  const taken: string[] = [];
  queue.add('/a.pcap');
  queue.add('/b.pcap');
  expect(queue.take((path) => taken.push(path))).toEqual(['/a.pcap', '/b.pcap']);
  queue.add('/c.pcap');
  expect(taken).toEqual(['/c.pcap']);
  queue.release();
  queue.add('/d.pcap');
  expect(taken).toEqual(['/c.pcap']);
  expect(queue.take(() => {})).toEqual(['/d.pcap']);
});

test('captures are what follows the program, relative to where it was started', () => {
  expect(capturesOf(['earshot', 'call.pcap', '--no-sandbox'], true, '/home')).toEqual([resolve('/home', 'call.pcap')]);
  expect(capturesOf(['electron', 'dist/electron/main.cjs', '../x.pcapng'], false, '/home/a')).toEqual([
    resolve('/home/x.pcapng'),
  ]);
  expect(capturesOf(['earshot'], true, '/home')).toEqual([]);
});
