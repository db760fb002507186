/** The recordings of test/recording/hep.sh hold one call twice: as it was sent, and in HEP on port 9060. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { readCapture } from '../../engine/engine.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { MemorySource } from '../../engine/readers/test-source.ts';
import type { CallRow } from '../../shared/api.ts';
import { OWN_CAPTURES } from './capture-files.ts';

const HEP_PORT = 9060;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Of Ethernet and IPv4 without options. */
const PORTS_AT = 34;
/** SIP messages at the proxy, as tshark counts them (`-Y "sip && udp.port == 5060"`). */
const MESSAGES = 13;

/** The records of a pcap (little-endian, Ethernet) that pass, as a pcap. */
function only(file: Uint8Array, passes: (isHep: boolean) => boolean): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const kept = [file.subarray(0, FILE_HEADER)];
  for (let at = FILE_HEADER; at < file.length; ) {
    const end = at + RECORD_HEADER + view.getUint32(at + 8, true);
    const ports = at + RECORD_HEADER + PORTS_AT;
    const isHep = view.getUint16(ports) === HEP_PORT || view.getUint16(ports + 2) === HEP_PORT;
    if (passes(isHep)) kept.push(file.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

function read(file: Uint8Array): Promise<Capture> {
  return readCapture(new MemorySource(file), { dissectors: builtIns, fence: false });
}

function callOf(capture: Capture): CallRow {
  const rows = [...callRows(capture, { all: true, details: true })];
  expect(rows).toHaveLength(1);
  return rows[0];
}

/** What does not depend on when the proxy reported a message, nor in which packet. */
function withoutTimes({ messages, transactions, ...call }: CallRow) {
  return {
    from: call.from,
    to: call.to,
    callId: call.callId,
    state: call.state,
    finalStatus: call.finalStatus,
    endedBy: call.endedBy,
    dialogs: call.dialogs,
    messageCount: call.messageCount,
    transactions: transactions.map(({ method }) => method),
    // Of two messages within a tenth of a millisecond either may be reported first.
    messages: messages
      .map(({ src, dst, transport, method, status, cseq, retransmission }) =>
        [src, dst, transport, method ?? status, cseq, retransmission].join(' '),
      )
      .toSorted(),
  };
}

describe.each([
  ['hep-v1', 0],
  ['hep-v2', 2001],
  ['hep-v3', 2001],
  ['hep-tcp', 2001],
])('%s', (name, agent) => {
  const file = new Uint8Array(readFileSync(join(OWN_CAPTURES, `${name}.pcap`)));

  test('the call is the same, as it was sent and as it was reported', async () => {
    const plain = callOf(await read(only(file, (isHep) => !isHep)));
    const capture = await read(only(file, (isHep) => isHep));
    expect(plain).toMatchObject({ state: 'completed', endedBy: 'caller', messageCount: MESSAGES });
    const reported = callOf(capture);
    expect(withoutTimes(reported)).toEqual(withoutTimes(plain));
    expect(reported.setupSeconds).toBeCloseTo(plain.setupSeconds ?? -1, 2);
    expect(reported.durationSeconds).toBeCloseTo(plain.durationSeconds ?? -1, 2);
    expect(capture.store.issues.count).toBe(0);
    expect(capture.hep.agents.map(({ id, packets, byType }) => [id, packets, [...byType]])).toEqual([
      [agent, MESSAGES, [['SIP', MESSAGES]]],
    ]);
  });

  test('both in one capture are one call, each message once', async () => {
    const { messages, state } = callOf(await read(file));
    expect(state).toBe('completed');
    expect(messages).toHaveLength(2 * MESSAGES);
    expect(messages.filter(({ capturedTwice = false }) => capturedTwice)).toHaveLength(MESSAGES);
    expect(messages.some(({ retransmission }) => retransmission)).toBe(false);
  });
});
