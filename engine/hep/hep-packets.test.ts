import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../pass/test-capture.ts';
import { callRows } from '../query/call-rows.ts';

test('x', () => {
  expect(deflateSync).toBeDefined();
  expect([gzipSync, builtIns, captureOf, rtpPacket, callRows] as unknown as TestDatagram[]).toHaveLength(5);
});
