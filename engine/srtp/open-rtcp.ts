import { Octets } from '../../base/octets.ts';
import { rtcpColumns, RtcpFlag, RtcpRow } from '../../dissectors/rtcp/columns.ts';
import type { DissectContext } from '../../dissectors/dissector.ts';
import { isOpened, SrtpStatus } from '../../media/srtp/status.ts';
import type { SrtcpReceiver } from '../../media/srtp/rtcp-receiver.ts';
import type { Capture } from '../capture.ts';
import type { Turns } from '../filter/turns.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { MediaKey } from '../keys/media-key.ts';
import { type PacketMessage, PacketMessages } from '../query/packet-messages.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { FrameReader } from '../store/frame-reader.ts';
import type { KeyChain } from './key-chain.ts';
import { RtcpCandidates } from './rtcp-candidates.ts';

const BATCH = 512;
/** Packets of a sender that are tried with every key, before it is given up. */
const MOST_TRIES = 8;
/** Plain compounds held until their rows are written; the rest stays as it is. */
const MOST_PLAIN_BYTES = 64 << 20;

/** A sender of RTCP, by flow and SSRC. */
interface Sender {
  readonly candidates: readonly MediaKey[];
  readonly receivers: Map<MediaKey, SrtcpReceiver>;
  found: MediaKey | null;
  tries: number;
}

/**
 * Opens SRTCP (RFC 3711 section 3.4) with the keys at hand, those that opened its sender's RTP first, and writes the
 * rows of what was encrypted.
 */
export async function openRtcp(capture: Capture, ring: KeyRing, chain: KeyChain, turns: Turns): Promise<void> {
  const rtcp = capture.store.layer('rtcp', rtcpColumns);
  const dissector = capture.store.dissectors.find(({ id }) => id === 'rtcp');
  if (rtcp === null || dissector === undefined) return;
  const { kind, flags } = rtcp.rows.columns;
  const wanted: number[] = [];
  for (let row = 0; row < rtcp.count; row++) {
    const isProtected = (flags.get(row) & (RtcpFlag.Encrypted | RtcpFlag.Authenticated)) !== 0;
    const frame = rtcp.frame.get(row);
    if (kind.get(row) === RtcpRow.Packet && isProtected && wanted.at(-1) !== frame) wanted.push(frame);
  }
  if (wanted.length === 0) return;
  const plain = await decryptAll(capture, rtcp, new RtcpCandidates(capture, ring), chain, wanted, turns);
  if (plain.size === 0) return;
  rtcp.rewrite((row, into) => {
    const packet = plain.get(rtcp.frame.get(row));
    if (packet === undefined || (flags.get(row) & RtcpFlag.Encrypted) === 0) return false;
    dissector.dissect(new Octets(packet.bytes), into, contextOf(capture, packet, rtcp.frame.get(row)));
    return true;
  });
}

interface PlainCompound {
  readonly bytes: Uint8Array;
  readonly message: PacketMessage;
}

async function decryptAll(
  capture: Capture,
  rtcp: LayerTable,
  candidates: RtcpCandidates,
  chain: KeyChain,
  wanted: readonly number[],
  turns: Turns,
): Promise<Map<number, PlainCompound>> {
  const reader = new FrameReader(capture.source, capture.store.frames);
  const messages = new PacketMessages(capture, reader);
  const senders = new Map<string, Sender>();
  const plain = new Map<number, PlainCompound>();
  const octets = new Octets(new Uint8Array(0));
  let held = 0;
  for (let from = 0; from < wanted.length && held < MOST_PLAIN_BYTES; from += BATCH) {
    const batch = wanted.slice(from, from + BATCH);
    await reader.load(batch);
    for (const frame of batch) {
      if (!reader.read(frame, octets)) continue;
      const message = (await messages.of(frame, octets)).find(({ dissector }) => dissector.id === 'rtcp');
      if (message === undefined) continue;
      const flow = capture.store.flowOf(rtcp, rtcp.firstRowOf(frame));
      const opened = decrypt(candidates, chain, senders, flow, message.octets);
      if (opened === null) continue;
      capture.opened.rtcp.set(frame, opened.key);
      capture.opened.addAuthenticated(opened.key, 1);
      plain.set(frame, { bytes: opened.plain, message });
      held += opened.plain.length;
    }
    await turns.wait();
  }
  return plain;
}

function decrypt(
  keys: RtcpCandidates,
  chain: KeyChain,
  senders: Map<string, Sender>,
  flow: number,
  { bytes, start, length }: Octets,
): { key: MediaKey; plain: Uint8Array } | null {
  const ssrc = new Octets(bytes, start, length).u32(4);
  const name = `${flow}/${ssrc}`;
  let sender = senders.get(name);
  if (sender === undefined) {
    senders.set(name, (sender = { candidates: keys.of(flow, ssrc), receivers: new Map(), found: null, tries: 0 }));
  }
  if (sender.found === null && sender.tries++ >= MOST_TRIES) return null;
  const first = sender.found === null ? [] : [sender.found];
  for (const key of [...first, ...sender.candidates]) {
    let receiver = sender.receivers.get(key);
    if (receiver === undefined) sender.receivers.set(key, (receiver = chain.rtcpReceiver(key)));
    const status = receiver.unprotect(bytes, start, length);
    // What cannot be verified is believed only of a key that opened the sender's RTP.
    if (!isOpened(status) || (status === SrtpStatus.Unverified && key !== sender.candidates[0])) continue;
    sender.found = key;
    return { key, plain: receiver.plain };
  }
  return null;
}

function contextOf(capture: Capture, { message }: PlainCompound, frame: number): DissectContext {
  const { store } = capture;
  return {
    strings: store.strings,
    truncated: false,
    transport: message.transport,
    sourcePort: message.sourcePort,
    destinationPort: message.destinationPort,
    consumed: 0,
    child: () => undefined,
    packet: () => undefined,
    issue: (code) => store.issues.add(code, frame, 0),
  };
}
