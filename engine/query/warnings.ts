import type { Warning } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { hexText } from '../network/describe/layer-walk.ts';
import type { NetworkIssues } from '../network/ip-issues.ts';

/** SPIs that a warning names. */
const SPIS_NAMED = 3;

/** What was not as it should be while reading: damage to the file, reassembly, packets that are malformed. */
export function warningsOf(capture: Capture): Warning[] {
  const { reader, source, store, pass, streams } = capture;
  const warnings: Warning[] = [];
  // A reader lists its source's issues with its own once it is at the end.
  const listed = new Set(reader.issues);
  for (const issue of [...reader.issues, ...(source.issues ?? []).filter((i) => !listed.has(i))]) {
    warnings.push({ code: issue.code, message: issue.message });
  }
  const { droppedFrames } = reader.extras;
  if (droppedFrames !== null && droppedFrames > 0) {
    warnings.push({ code: 'capture-dropped', message: `The capturing system dropped ${droppedFrames} packets.` });
  }
  snapWarning(capture, warnings);
  networkWarnings(pass.fragments.reassembly.issues, warnings);
  packetWarnings(capture, warnings);
  espWarnings(capture, warnings);
  if (streams.droppedRows > 0) {
    const message = `${streams.droppedRows} packets belong to more RTP sources than are followed and are in no stream.`;
    warnings.push({ code: 'stream-limit', message });
  }
  const guessed = streams.streams.filter((stream) => stream.guessedEvents.length > 0);
  if (guessed.length > 0) {
    const message = `In ${guessed.length} streams a payload type was taken for telephone-event by its shape: no signalling names it.`;
    warnings.push({ code: 'telephone-event-guessed', message });
  }
  const codecs = streams.streams.filter((stream) => stream.guessedCodec >= 0);
  if (codecs.length > 0) {
    const [{ guessedCodec, payloads }] = codecs;
    const where = codecs.length === 1 ? 'one stream' : `${codecs.length} streams`;
    const first = `${guessedCodec} for ${payloads.encodings[guessedCodec]?.name ?? ''}`;
    const message = `In ${where} a payload type was taken for a codec by what its packets hold (${first}): no signalling names it.`;
    warnings.push({ code: 'codec-guessed', message });
  }
  warnings.push(...(capture.plugins?.warnings ?? []));
  if (store.issues.dropped > 0) {
    warnings.push({ code: 'issues-omitted', message: `${store.issues.dropped} further findings are not listed.` });
  }
  return warnings;
}

/** Frames that were cut while capturing (`tcpdump -s 96`): a long message in them cannot be read, a call may be missing. */
function snapWarning({ store: { frames } }: Capture, warnings: Warning[]): void {
  if (frames.cutLength.lengthBytes === 0) return;
  let count = 0;
  let first = -1;
  let shortest = Infinity;
  let longest = 0;
  for (let frame = 0; frame < frames.count; frame++) {
    if (frames.cutLength.get(frame) === 0) continue;
    if (count++ === 0) first = frame;
    const kept = frames.capturedLength.get(frame);
    if (kept < shortest) shortest = kept;
    if (kept > longest) longest = kept;
  }
  if (count === 0) return;
  const packets = count === 1 ? '1 packet was' : `${count} packets were`;
  const kept = shortest === longest ? `snap length ${longest}` : `snap length ${shortest} to ${longest}`;
  const message = `${packets} captured only in part (${kept} octets), so a message in them may be missing.`;
  warnings.push({ code: 'capture-snapped', message, packet: first + 1 });
}

/** ESP that none of the keys given for its SPI opens. */
function espWarnings({ pass: { esp } }: Capture, warnings: Warning[]): void {
  const failures = [...(esp?.failures.values() ?? [])];
  if (failures.length === 0) return;
  const total = failures.reduce((sum, { count }) => sum + count, 0);
  const spis = failures.slice(0, SPIS_NAMED).map(({ spi }) => hexText(spi, 8));
  const more = failures.length > SPIS_NAMED ? ' and more' : '';
  const packets = total === 1 ? '1 ESP packet stays closed' : `${total} ESP packets stay closed`;
  const message = `${packets}: no key that was given for SPI ${spis.join(', ')}${more} fits.`;
  warnings.push({ code: 'esp-not-opened', message, packet: failures[0].frame + 1 });
}

/** One line for each code, with the first packet it shows in. */
function networkWarnings(issues: NetworkIssues, warnings: Warning[]): void {
  const seen = new Set<string>();
  for (const issue of issues.list) {
    if (seen.has(issue.code)) continue;
    seen.add(issue.code);
    const count = issues.count(issue.code);
    const more = count > 1 ? ` (${count} times)` : '';
    warnings.push({ code: issue.code, message: `${issue.message}${more}.`, packet: issue.frame + 1 });
  }
}

function packetWarnings(capture: Capture, warnings: Warning[]): void {
  const { issues } = capture.store;
  const byCode = new Map<string, { frame: number; at: number; count: number }>();
  for (let row = 0; row < issues.count; row++) {
    const code = issues.code(row);
    const known = byCode.get(code);
    if (known !== undefined) known.count++;
    else byCode.set(code, { frame: issues.frame.get(row), at: issues.at.get(row), count: 1 });
  }
  for (const [code, { frame, at, count }] of byCode) {
    const where = count === 1 ? `at octet ${at}` : `${count} times, first at octet ${at}`;
    warnings.push({
      code,
      message: `${code.replaceAll('-', ' ')} (${where} of packet ${frame + 1})`,
      packet: frame + 1,
    });
  }
}
