import { Octets } from '../../base/octets.ts';
import { recordColumns, RecordFlag } from '../../dissectors/tls/columns.ts';
import { ContentType } from '../../dissectors/tls/records.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { FrameReader } from '../store/frame-reader.ts';
import type { LayerTable } from '../store/layer-table.ts';
import type { DtlsHandshake } from './dtls-handshake.ts';
import { fragmentsOf } from './dtls-messages.ts';
import { DtlsPairs } from './dtls-pairs.ts';
import type { DtlsSession } from './dtls-session.ts';

type DtlsLayer = LayerTable<typeof recordColumns>;

/** Rows whose frames are read together. */
const ROWS_TOGETHER = 512;
/** Version and random: what tells one hello from another. */
const HELLO_START_BYTES = 34;

/** Finds the DTLS handshakes of a capture, once it was read. */
export class DtlsTracker {
  /** In order of their first message. */
  sessions: readonly DtlsSession[] = [];

  /** Reads the handshakes back from the capture. Rejects with an AbortError when cancelled. */
  async finish(capture: Capture, signal?: AbortSignal): Promise<void> {
    const layer = capture.store.layer('dtls', recordColumns);
    if (layer === null) return;
    const handshakes = await readHandshakes(capture, layer, new Turns(signal));
    const reverse = (flow: number): number => capture.store.flows.reverse[flow];
    const sessions: DtlsSession[] = [];
    for (const handshake of handshakes) {
      handshake.reveal(capture.keyLog, reverse);
      const session = handshake.conclude(sessions.length, reverse);
      if (session !== null) sessions.push(session);
    }
    this.sessions = sessions;
  }
}

async function readHandshakes(capture: Capture, layer: DtlsLayer, turns: Turns): Promise<readonly DtlsHandshake[]> {
  const { store, source } = capture;
  const reader = new FrameReader(source, store.frames);
  const pairs = new DtlsPairs(store.flows.reverse);
  const frame = new Octets(new Uint8Array(0));
  const rows: number[] = [];
  const readRows = async (): Promise<void> => {
    await reader.load(rows.map((row) => layer.frame.get(row)));
    for (const row of rows) {
      const pieces = layer.pieces.get(row);
      if (pieces === undefined && !reader.read(layer.frame.get(row), frame)) continue;
      const payload = pieces === undefined ? frame.sub(layer.atOf(row)) : await reader.pieces(pieces);
      takeRow(pairs, layer, row, store.flowOf(layer, row), payload);
    }
    rows.length = 0;
  };
  for (let row = 0; row < layer.count; row++) {
    if (!isTelling(layer, row)) continue;
    rows.push(row);
    if (rows.length < ROWS_TOGETHER) continue;
    await readRows();
    await turns.wait();
  }
  await readRows();
  return pairs.handshakes;
}

/** Application data say nothing of the handshake but that it is over, which other records say too. */
function isTelling({ rows: { columns: c } }: DtlsLayer, row: number): boolean {
  const type = c.contentType.get(row);
  const isHidden = (c.flags.get(row) & RecordFlag.Unified) !== 0;
  // Of the unified header the epoch's lowest bits: 2 is the handshake's (RFC 9147 section 6.1).
  return isHidden ? c.epoch.get(row) === 2 : type === ContentType.Handshake || type === ContentType.Alert;
}

function takeRow(pairs: DtlsPairs, layer: DtlsLayer, row: number, flow: number, payload: Octets): void {
  const c = layer.rows.columns;
  const frame = layer.frame.get(row);
  if ((c.flags.get(row) & RecordFlag.Encrypted) !== 0) {
    const headerLength = c.headerLength.get(row);
    const { bytes, start, length } = payload.sub(c.at.get(row), headerLength + c.length.get(row));
    const isHidden = (c.flags.get(row) & RecordFlag.Unified) !== 0;
    const hidden = isHidden ? { bytes: bytes.subarray(start, start + length), headerLength, frame } : null;
    pairs.current(flow)?.takeProtected(flow, frame, hidden);
  } else if (c.contentType.get(row) === ContentType.Alert) {
    pairs.current(flow)?.takeAlert(flow, frame, c.alertLevel.get(row), c.alertDescription.get(row));
  } else {
    const content = payload.sub(c.at.get(row) + c.headerLength.get(row), c.length.get(row));
    takeMessages(pairs, flow, content, frame);
  }
}

/** The messages, or fragments of messages, of a handshake record. */
function takeMessages(pairs: DtlsPairs, flow: number, content: Octets, frame: number): void {
  for (const { header, bytes } of fragmentsOf(content)) {
    const isStart = header.fragmentOffset === 0 && bytes.length >= HELLO_START_BYTES;
    const random = isStart ? bytes.subarray(2, HELLO_START_BYTES) : null;
    pairs.handshakeOf(flow, header.type, random, frame)?.take(flow, pairs.reverse[flow], header, bytes, frame);
  }
}
