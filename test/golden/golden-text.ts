/** What Earshot finds in a capture, as text that is stable from run to run and readable in a diff. */
import type { Capture } from '../../engine/capture.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { CaptureIndex } from '../../engine/query/capture-index.ts';
import { captureInfo } from '../../engine/query/capture-info.ts';
import { digitRows } from '../../engine/query/digit-rows.ts';
import { iceListsOf } from '../../engine/query/ice/ice-lists.ts';
import { packetRows } from '../../engine/query/packet-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { warningsOf } from '../../engine/query/warnings.ts';
import type { ProblemRow } from '../../shared/engine-api.ts';
import type { IceRow } from '../../shared/ice.ts';
import type { CallMessage, CallRow, DigitRow, PacketRow, Party, StreamRow } from '../../shared/api.ts';

/** Of a capture with more packets, only the first and those of the protocols below are listed. */
const LISTED_PACKETS = 60;
const WHOLE_BELOW = 120;
const ALWAYS_LISTED = new Set(['sip', 'rtcp']);

/** The whole text; times count from the first packet, in seconds. */
export async function goldenText(capture: Capture): Promise<string> {
  const info = captureInfo(capture);
  const zero = info.firstTime ?? 0;
  const lines = [
    `${info.format}, ${info.linkTypes.join(' + ')}, ${info.packets} packets in ${seconds(info.durationSeconds)} s${info.truncated ? ', cut off or damaged' : ''}`,
    Object.entries(info.protocols)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
    ...section('Packets', await packetLines(capture, zero)),
    ...section(
      'Calls and other exchanges',
      [...callRows(capture, { all: true })].flatMap((row) => callLines(row, zero)),
    ),
    ...section(
      'Streams',
      streamRows(capture).flatMap((row) => streamLines(row, zero)),
    ),
    ...iceSection(capture, zero),
    ...section(
      'Digits',
      digitRows(capture).map(
        (row) =>
          `${seconds(row.time - zero)}  ${row.digit ?? `event ${row.event}`}  ${digitFigures(row)}  ${row.stream ?? 'SIP INFO'}${row.call === null ? '' : ` of ${row.call}`}  packets ${row.packets.join(' ')}${row.guessed ? '  guessed' : ''}${row.doubled ? '  doubled' : ''}`,
      ),
    ),
    ...section('Problems', new CaptureIndex(capture).problems.map(problemLine)),
    ...section(
      'Warnings',
      warningsOf(capture).map(
        ({ code, message, packet }) => `${code}${packet === undefined ? '' : ` at ${packet}`}: ${message}`,
      ),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function digitFigures({ durationMs, volume }: DigitRow): string {
  const length = durationMs === null ? 'length not said' : `${durationMs.toFixed(1)} ms`;
  return volume === null ? length : `${length}  -${volume} dBm0`;
}

/** Left out where there is none. */
function iceSection(capture: Capture, zero: number): string[] {
  const { sessions, allocations } = iceListsOf(capture);
  const rows: IceRow[] = [...allocations, ...sessions];
  return rows.length === 0
    ? []
    : section(
        'ICE and TURN',
        rows.flatMap((row) => iceLines(row, zero)),
      );
}

function iceLines(row: IceRow, zero: number): string[] {
  const lines = [
    `${row.id}  ${row.outcome}  ${row.verdict}  from ${seconds(row.startTime - zero)}`,
    `    ${row.explanation}${row.advice === null ? '' : ` Next: ${row.advice}`}`,
    `    packets ${row.evidence.join(' ') || '–'}`,
  ];
  if (row.kind === 'turn-allocation') {
    lines.push(`    ${row.client} > ${row.server}  ${row.transport}  relayed ${row.relayedAddress ?? '–'}`);
    for (const { step, outcome, code, text, packets } of row.steps) {
      lines.push(
        `    ${step}  ${outcome}${code === null ? '' : ` ${code}`}  ${text}  packets ${packets.join(' ') || '–'}`,
      );
    }
    return lines;
  }
  lines.push(`    ufrags ${row.local.ufrag ?? '–'} ${row.remote.ufrag ?? '–'}  ${row.call ?? 'no call'}`);
  for (const pair of row.pairs) {
    const ends = `${pair.localType ?? '–'} ${pair.local} > ${pair.remoteType ?? '–'} ${pair.remote}`;
    const counts = `${pair.requests} requests, ${pair.responses} responses, ${pair.errors} errors`;
    lines.push(
      `    ${ends}  ${pair.state}${pair.nominated ? ', nominated' : ''}  ${counts}  ${pair.why ?? ''}`.trimEnd(),
    );
  }
  for (const { time, transport, from, to, packet, why } of row.states) {
    const proof = packet === null ? '' : `  packet ${packet}`;
    lines.push(`    ${seconds(time - zero)}  ${transport}  ${from} > ${to}${proof}  ${why}`.trimEnd());
  }
  return lines;
}

function section(name: string, lines: readonly string[]): string[] {
  return ['', `${name}:`, ...(lines.length === 0 ? ['  none'] : lines.map((line) => `  ${line}`))];
}

async function packetLines(capture: Capture, zero: number): Promise<string[]> {
  const isWhole = capture.store.frames.count < WHOLE_BELOW;
  const lines: string[] = [];
  let skipped = 0;
  for await (const block of packetRows(capture)) {
    for (const row of block) {
      if (!isWhole && row.packet > LISTED_PACKETS && !ALWAYS_LISTED.has(row.protocol)) {
        skipped++;
        continue;
      }
      if (skipped > 0) lines.push(`… ${skipped} packets of other protocols`);
      skipped = 0;
      lines.push(packetLine(row, zero));
    }
  }
  if (skipped > 0) lines.push(`… ${skipped} packets of other protocols`);
  return lines;
}

function packetLine(row: PacketRow, zero: number): string {
  const ends = `${row.src ?? '–'} > ${row.dst ?? '–'}`;
  return `${row.packet}  ${seconds(row.time - zero)}  ${ends}  ${row.protocol}  ${row.length}  ${row.info}`.trimEnd();
}

function callLines(row: CallRow, zero: number): string[] {
  const at = (time: number | null): string => (time === null ? '–' : seconds(time - zero));
  return [
    `${row.id}  ${row.method}  ${row.state}  ${row.finalStatus ?? '–'} ${row.reason ?? ''}`.trimEnd(),
    `    Call-ID ${row.callIds.join(' ')}`,
    `    from ${partyText(row.from)}  to ${partyText(row.to)}`,
    `    start ${at(row.startTime)}  ringing ${at(row.ringTime)}  answer ${at(row.answerTime)}  end ${at(row.endTime)}`,
    `    setup ${optional(row.setupSeconds)} s  duration ${optional(row.durationSeconds)} s  ended by ${row.endedBy ?? '–'}`,
    `    dialogs ${row.dialogs.map((dialog) => `${dialog.toTag} ${dialog.state}`).join(', ') || '–'}`,
    `    streams ${row.streams.join(' ') || '–'}`,
    ...row.messages.map((message) => `    ${messageLine(message, zero)}`),
  ];
}

function partyText({ uri, tag }: Party): string {
  return `${uri ?? '–'} ${tag ?? '–'}`;
}

function messageLine(message: CallMessage, zero: number): string {
  const what = message.method ?? `${message.status} ${message.reason ?? ''}`;
  const repeat = message.retransmission ? '  sent again' : message.capturedTwice === true ? '  captured twice' : '';
  return `${message.packet}  ${seconds(message.time - zero)}  ${message.src} > ${message.dst}  ${message.transport}  ${what.trim()}  (${message.cseq})${repeat}`;
}

function streamLines(row: StreamRow, zero: number): string[] {
  const { wireshark, jitterMs, encryption } = row;
  const codec = row.codec === null ? '–' : `${row.codec}/${row.clockRate ?? '–'}/${row.channels ?? '–'}`;
  const lines = [
    `${row.id}  ${row.ssrc}  ${row.src} > ${row.dst}  types ${row.payloadTypes.join(' ')}  ${codec}`,
    `    by ${row.recognisedBy}, set up in ${row.setupPacket ?? '–'}, ${row.call ?? 'no call'} ${row.direction ?? ''}`.trimEnd(),
    `    ${row.packets} packets, ${row.bytes} octets, from ${seconds(row.startTime - zero)} for ${seconds(row.durationSeconds)} s${row.capturedTwice ? ', captured twice' : ''}`,
    `    expected ${row.expected}, lost ${row.lost} (${row.lostPercent.toFixed(2)} %), duplicates ${row.duplicates}, out of order ${row.outOfOrder}`,
    `    jitter ${optional(jitterMs.mean)} ms, at most ${optional(jitterMs.max)} ms; longest gap ${row.maxDeltaMs.toFixed(3)} ms; skew ${row.skewMs.toFixed(3)} ms`,
    `    as Wireshark: lost ${wireshark.lost}, gap ${wireshark.maxDeltaMs.toFixed(3)} ms, jitter ${wireshark.meanJitterMs.toFixed(3)} ms, at most ${wireshark.maxJitterMs.toFixed(3)} ms`,
  ];
  if (row.digits !== null) lines.push(`    digits ${row.digits}`);
  if (encryption !== null)
    lines.push(`    encrypted: ${encryption.suite ?? 'suite not known'}, key ${encryption.keySource ?? 'none'}`);
  return lines;
}

function problemLine({ severity, code, title, message, call, stream, packets, spec }: ProblemRow): string {
  const about = [call, stream].filter((id) => id !== null).join(' ');
  return `${severity}  ${code}  ${title}: ${message}  ${about === '' ? '–' : about}  packets ${packets.join(' ')}${spec === null ? '' : `  ${spec}`}`;
}

function seconds(value: number): string {
  return value.toFixed(6);
}

function optional(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}
