import { hepColumns } from '../../dissectors/hep/columns.ts';
import { isReport } from '../../dissectors/hep/protocol-types.ts';
import { HepMessage, HepResult, readMessage } from '../../dissectors/hep/read-message.ts';
import type { LadderNote } from '../../shared/ladder.ts';
import type { Capture } from '../capture.ts';
import { agentName } from '../hep/agents.ts';
import { inflate } from '../hep/inflated-payloads.ts';
import { type Report, readReport } from '../hep/report-text.ts';
import { FrameReader } from '../store/frame-reader.ts';
import type { Call } from '../trackers/calls/call.ts';
import type { When } from './ladder-parts.ts';

/** Who looks at a ladder reads no more: the packet list has all. */
const MOST_NOTES = 500;
const OPENING_BRACE = 0x7b;

const NAMES: Readonly<Record<Report['kind'], string>> = {
  log: 'Log',
  rtcp: 'RTCP reported',
  quality: 'Quality reported',
  report: 'Report',
};

/** What capture agents logged and reported of a call, read back from the capture; of many the first. */
export async function noteRows(
  capture: Capture,
  call: Call,
  endpoints: number,
  when: (frame: number, later: number) => When,
): Promise<LadderNote[]> {
  const { store, pass, hep } = capture;
  const layer = store.layer('hep', hepColumns);
  const rows = hep.rowsOf(call);
  if (layer === null || rows.length === 0) return [];
  const reader = new FrameReader(capture.source, store.frames);
  const c = layer.rows.columns;
  const message = new HepMessage();
  const notes: LadderNote[] = [];
  for (const row of rows) {
    if (notes.length >= MOST_NOTES) break;
    const frame = layer.frame.get(row);
    const pieces = layer.pieces.get(row);
    const octets = pieces === undefined ? await reader.frame(frame) : await reader.pieces(pieces);
    const data = pieces === undefined ? octets.sub(layer.atOf(row), octets.length - layer.atOf(row)) : octets;
    if (readMessage(data, false, true, message) !== HepResult.Found || message.payloadAt === 0) continue;
    const from = data.start + message.payloadAt;
    const held = data.bytes.subarray(from, from + message.payloadLength);
    const payload = message.isCompressed ? inflate(held) : held;
    const type = c.protocolType.get(row);
    if (payload === null || payload.length === 0 || (!isReport(type) && payload[0] !== OPENING_BRACE)) continue;
    const { kind, text } = readReport(payload, type);
    const agent = pass.hep.agents.at(c.agentNumber.get(row));
    notes.push({
      ...when(frame, layer.later.get(row)),
      kind: 'note',
      from: 0,
      to: Math.max(0, endpoints - 1),
      src: null,
      dst: null,
      label: NAMES[kind],
      about: kind,
      agent: agent === undefined ? null : agentName(agent),
      text,
    });
  }
  return notes;
}
