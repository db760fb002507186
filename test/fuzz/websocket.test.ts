import { expect, test } from 'vitest';
import { Random } from '../perf/load/random.ts';
import { fuzzWebSocket } from './websocket.fuzz.ts';

test('no damaged message makes HTTP, WebSocket or Verto throw or show what is not there', async () => {
  const random = new Random(1);
  await expect(fuzzWebSocket(() => random.unit(), 2000)).resolves.toBeUndefined();
});
