import { recordColumns, RecordFlag } from '../../../dissectors/tls/columns.ts';
import { HandshakeType } from '../../../dissectors/tls/handshake.ts';
import { ContentType } from '../../../dissectors/tls/records.ts';
import type { Capture } from '../../capture.ts';
import type { Turns } from '../../filter/turns.ts';

/** Version 1.3 hides types, but nothing else is as short as an alert: its two octets, their type, and the tag. */
const HIDDEN_ALERT_BYTES = 2 + 1 + 16;
/** Of the two bits of the epoch: application data (RFC 9147 section 6.1). */
const DATA_EPOCH = 3;
/** Fragments of a message that is sent once come together. */
const REPEAT_SECONDS = 0.02;
/** Rows between two looks at the clock. */
const ROWS_TOGETHER = 4096;
const MOST_FLOWS = 65_536;
const MOST_MESSAGES = 64;
const MOST_FRAMES = 20;

/** What one direction of a leg sent of handshakes. */
export interface DtlsSent {
  /** Its first record. */
  readonly firstFrame: number;
  hellos: number;
  lastHelloFrame: number;
  repeats: number;
  repeatFrames: number[];
  /** When each message number was seen first, and how often it came again: then its flight was sent again. */
  seen: Map<number, { readonly frame: number; repeats: number }>;
  /** Octets of the largest packet that was sent again. */
  largestBytes: number;
  lastFrame: number;
  /** Of its first ClientHello or ServerHello. */
  helloBytes: number;
  /** Number of the message that was sent again first; −1 for none. */
  firstRepeated: number;
  /** First encrypted alert, and encrypted records of data before it. */
  alertFrame: number;
  /** It came before the sender's Finished (1.2), or with the keys of the handshake (1.3). */
  isAlertOfHandshake: boolean;
  /** Encrypted records of the handshake before the alert. */
  handshakeRecords: number;
  dataRecords: number;
}

/** What each flow sent in the clear of handshakes, and where it closed. */
export async function dtlsByFlow(capture: Capture, turns: Turns): Promise<Map<number, DtlsSent>> {
  const { store } = capture;
  const found = new Map<number, DtlsSent>();
  const layer = store.layer('dtls', recordColumns);
  if (layer === null) return found;
  const c = layer.rows.columns;
  for (let row = 0; row < layer.count; row++) {
    if (row % ROWS_TOGETHER === 0) await turns.wait();
    const type = c.contentType.get(row);
    const isHidden = (c.flags.get(row) & RecordFlag.Unified) !== 0;
    const isEncrypted = isHidden || (c.flags.get(row) & RecordFlag.Encrypted) !== 0;
    const flow = store.flowOf(layer, row);
    const frame = layer.frame.get(row);
    let sent = found.get(flow);
    if (sent === undefined) {
      if (found.size >= MOST_FLOWS) continue;
      sent = newSent(frame);
      found.set(flow, sent);
    }
    const isData = isHidden ? c.epoch.get(row) === DATA_EPOCH : type === ContentType.ApplicationData;
    const isAlert = isHidden ? c.length.get(row) === HIDDEN_ALERT_BYTES : type === ContentType.Alert;
    if (isEncrypted || isData) {
      if (sent.alertFrame >= 0) continue;
      if (isAlert) {
        sent.alertFrame = frame;
        sent.isAlertOfHandshake = isHidden ? !isData : sent.handshakeRecords === 0;
      } else if (isData) sent.dataRecords++;
      else sent.handshakeRecords++;
    } else if (type === ContentType.Handshake) {
      const [kind, number] = [c.handshakeType.get(row), c.messageSequence.get(row)];
      takeMessage(capture, sent, frame, kind, number, c.fragmentOffset.get(row));
    }
  }
  return found;
}

function takeMessage(
  capture: Capture,
  sent: DtlsSent,
  frame: number,
  type: number,
  number: number,
  offset: number,
): void {
  const { frames } = capture.store;
  if (type === HandshakeType.ClientHello) {
    sent.hellos++;
    sent.lastHelloFrame = frame;
  }
  if (sent.helloBytes === 0) sent.helloBytes = frames.wireLength(frame);
  const before = sent.seen.get(number);
  if (before === undefined) {
    if (sent.seen.size < MOST_MESSAGES) sent.seen.set(number, { frame, repeats: 0 });
  } else if (offset === 0 && frames.secondsBetween(before.frame, frame) >= REPEAT_SECONDS) {
    if (++before.repeats > sent.repeats) {
      sent.repeats = before.repeats;
      sent.firstRepeated = number;
    }
    sent.largestBytes = Math.max(sent.largestBytes, frames.wireLength(frame));
    if (sent.repeatFrames.at(-1) !== frame && sent.repeatFrames.length < MOST_FRAMES) sent.repeatFrames.push(frame);
  }
  sent.lastFrame = frame;
}

function newSent(firstFrame: number): DtlsSent {
  return {
    firstFrame,
    hellos: 0,
    lastHelloFrame: -1,
    repeats: 0,
    repeatFrames: [],
    seen: new Map(),
    largestBytes: 0,
    lastFrame: -1,
    helloBytes: 0,
    firstRepeated: -1,
    alertFrame: -1,
    isAlertOfHandshake: false,
    handshakeRecords: 0,
    dataRecords: 0,
  };
}
