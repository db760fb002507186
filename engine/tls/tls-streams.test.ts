import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OWN_CAPTURES } from '../../test/integration/capture-files.ts';
import { packetDetail } from '../query/packet-detail.ts';
import { FIRST_DISSECTOR } from '../store/protocol-list.ts';
import {
  type Block,
  blocksOf,
  keyLogOf,
  PACKET_BLOCK,
  readBlocks,
  SECRETS_BLOCK,
  sipTexts,
} from '../../test/integration/pcapng-blocks.ts';

/** What the endpoints of tls-suites.pcapng say they said to each other. */
const facts = JSON.parse(readFileSync(join(OWN_CAPTURES, 'tls-suites.json'), 'utf8')) as {
  name: string;
  version: string;
  cipher: string;
  sent: string;
  answer: string;
}[];
const suites = blocksOf('tls-suites.pcapng');
const log = keyLogOf(suites);

const isSecret = ({ type }: Block): boolean => type === SECRETS_BLOCK;
const callId = (text: string): string => /^Call-ID: (\S+)/m.exec(text)?.[1] ?? '';

describe('every suite, version and kind of resumption', async () => {
  const capture = await readBlocks(suites);
  const texts = await sipTexts(capture);

  test.each(facts.map((fact, i) => ({ ...fact, i })))('$name: $cipher', ({ i, version, cipher, sent, answer }) => {
    const connection = capture.pass.tls.connections[i];
    expect(connection.cipherSuite).toBe(cipher);
    expect(connection.version).toBe({ TLSv1: 0x301, 'TLSv1.1': 0x302, 'TLSv1.2': 0x303, 'TLSv1.3': 0x304 }[version]);
    expect(connection.failedRecords).toBe(0);
    expect(texts.slice(2 * i, 2 * i + 2)).toEqual([sent, answer]);
  });

  test('there is nothing beside', () => {
    expect(capture.pass.tls.connections).toHaveLength(facts.length);
    expect(texts).toHaveLength(2 * facts.length);
    expect(capture.store.issues.count).toBe(0);
  });

  test('frames with SIP inside are shown as SIP, and the others stay TLS', () => {
    const { frames, dissectorIds } = capture.store;
    const shown = [...Array(frames.count).keys()].map(
      (frame) => dissectorIds[frames.protocol.get(frame) - FIRST_DISSECTOR],
    );
    expect(shown.filter((id) => id === 'sip')).toHaveLength(2 * facts.length);
    expect(shown.filter((id) => id === 'tls').length).toBeGreaterThan(4 * facts.length);
  });

  test('a packet shows the decrypted message as octets of their own', async () => {
    const row = capture.calls.sip.count - 1;
    const detail = await packetDetail(capture, capture.calls.sip.frame.get(row) + 1);
    expect(detail?.sources.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))).toContain(facts.at(-1)?.answer);
  });
});

describe('where the secrets are', () => {
  test('in a key log beside the capture', async () => {
    const capture = await readBlocks(
      suites.filter((block) => !isSecret(block)),
      log,
    );
    expect(await sipTexts(capture)).toHaveLength(2 * facts.length);
  });

  test('nowhere: nothing opens, and nothing is made up', async () => {
    const capture = await readBlocks(suites.filter((block) => !isSecret(block)));
    expect(capture.calls.sip.count).toBe(0);
    expect(capture.pass.tls.connections.every(({ hasSecret }) => hasSecret === false)).toBe(true);
    expect(capture.pass.tls.records.count).toBe(0);
  });

  test('behind the packets, in the capture: it is read once more', async () => {
    const late = [...suites.filter((block) => !isSecret(block)), ...suites.filter(isSecret)];
    expect(await sipTexts(await readBlocks(late))).toHaveLength(2 * facts.length);
  });

  test('only the application secrets of version 1.3', async () => {
    const lines = log.split('\n').filter((line) => !line.includes('HANDSHAKE'));
    const capture = await readBlocks(
      suites.filter((block) => !isSecret(block)),
      lines.join('\n'),
    );
    expect((await sipTexts(capture)).slice(0, 2)).toEqual([facts[0].sent, facts[0].answer]);
  });

  test('a wrong secret opens nothing', async () => {
    const wrong = log.replace(/[0-9a-f]{64}\r?$/gm, (end) => end.replace(/^./, (digit) => (digit === '0' ? '1' : '0')));
    const capture = await readBlocks(
      suites.filter((block) => !isSecret(block)),
      wrong,
    );
    expect(capture.calls.sip.count).toBe(0);
    expect(capture.pass.tls.connections.every(({ openedRecords }) => openedRecords === 0)).toBe(true);
    expect(capture.pass.tls.connections.find(({ failedRecords }) => failedRecords > 0)).toBeDefined();
  });
});

describe('captures that are not as they should be', () => {
  const packets = suites.flatMap((block, i) => (block.type === PACKET_BLOCK ? [i] : []));
  /** Index of the block with a frame, counted from 0. */
  const without = (...frames: number[]): Block[] =>
    suites.filter((_, i) => !frames.some((frame) => packets[frame] === i));

  test('a packet of application data is missing: what follows opens all the same', async () => {
    const whole = await readBlocks(suites);
    const { sip } = whole.calls;
    for (let row = 0; row < sip.count; row += 2) {
      // The request goes; its answer comes from the other side.
      const capture = await readBlocks(without(sip.frame.get(row)));
      const texts = await sipTexts(capture);
      expect(texts, `row ${row}`).toContain(facts[row / 2].answer);
    }
  });

  test('of a message in several records one is missing: the next messages of that side open', async () => {
    const blocks = blocksOf('tls-key-update.pcapng');
    const frames = blocks.flatMap((block, i) => (block.type === PACKET_BLOCK ? [i] : []));
    const whole = await readBlocks(blocks);
    const { sip } = whole.calls;
    const piece = sip.pieces.get(1)?.[1];
    const capture = await readBlocks(blocks.filter((_, i) => i !== frames[piece?.frame ?? -1]));
    const ids = (await sipTexts(capture)).map(callId);
    expect(ids).toContain('after-first@example.com');
    expect(capture.calls.sip.count).toBe(sip.count - 1);
  });

  test('frames of the two directions are out of order', async () => {
    // Each ServerHello is captured after what the client answers to it.
    const whole = await readBlocks(suites);
    const { store } = whole;
    const layer = store.layers[store.dissectorIds.indexOf('tls')];
    const { handshakeType, contentType } = layer.rows.columns;
    const order = packets.map((_, frame) => frame);
    for (let row = 0; row < layer.count; row++) {
      if (contentType.get(row) !== 22 || handshakeType.get(row) !== 2) continue;
      const frame = layer.frame.get(row);
      const client = store.flows.reverse[store.frames.flow.get(frame)];
      const isAnswer = (later: number): boolean =>
        later > frame && store.frames.flow.get(later) === client && store.frames.capturedLength.get(later) > 80;
      const answer = order.find(isAnswer) ?? frame;
      order.splice(order.indexOf(frame), 1);
      order.splice(order.indexOf(answer) + 1, 0, frame);
    }
    const rest = suites.filter(({ type }) => type !== PACKET_BLOCK);
    const capture = await readBlocks([...rest, ...order.map((frame) => suites[packets[frame]])]);
    const ids = (await sipTexts(capture)).map(callId);
    for (const { name } of facts)
      expect(
        ids.filter((id) => id === `${name}@example.com`),
        name,
      ).toHaveLength(2);
  });

  test('the beginning is missing: nothing opens', async () => {
    const capture = await readBlocks(suites.filter((_, i) => !packets.slice(0, 6).includes(i)));
    expect(capture.pass.tls.connections[0]).toMatchObject({ openedRecords: 0, clientHello: null });
  });
});

describe('version 1.3', () => {
  test('keys change on both sides, three times by the client; records are padded', async () => {
    const capture = await readBlocks(blocksOf('tls-key-update.pcapng'));
    const ids = (await sipTexts(capture)).map(callId);
    expect(ids).toEqual(
      ['before', 'before', 'after-first', 'after-first', 'after-third', 'after-third'].map((id) => `${id}@example.com`),
    );
    expect(capture.pass.tls.connections[0].failedRecords).toBe(0);
  });

  test('early data stay closed and are told of; what follows opens', async () => {
    const capture = await readBlocks(blocksOf('tls-early-data.pcapng'));
    expect((await sipTexts(capture)).map(callId)).toEqual(['first@example.com', 'late@example.com']);
    expect(capture.pass.tls.connections.map(({ hasEarlyData }) => hasEarlyData)).toEqual([false, true]);
  });
});
