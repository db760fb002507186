import { issueText as sdpIssueText } from '../../../dissectors/sdp/issue-texts.ts';
import { issueText as sipIssueText } from '../../../dissectors/sip/issue-texts.ts';
import type { Severity } from '../../../shared/engine-api.ts';
import type { Capture } from '../../capture.ts';
import { warningsOf } from '../warnings.ts';
import { type Finding, packetsOf } from './finding.ts';

interface Kind {
  readonly title: string;
  readonly severity: Severity;
  readonly spec?: string;
}

/** Warnings that are problems of the capture or of the way to it; others are of malformed packets. */
const KINDS: Readonly<Record<string, Kind>> = {
  'capture-cut': { title: 'The capture file is cut off', severity: 'warning' },
  'capture-damaged': { title: 'The capture file is damaged', severity: 'warning' },
  'gzip-cut': { title: 'The gzip file is cut off', severity: 'warning' },
  'gzip-damaged': { title: 'The gzip file is damaged', severity: 'warning' },
  'capture-dropped': { title: 'The capturing system dropped packets', severity: 'warning' },
  'capture-snapped': { title: 'Packets were captured in part', severity: 'warning' },
  'container-addresses': { title: 'Addresses are made up', severity: 'note' },
  'container-time': { title: 'Times are known in part', severity: 'note' },
  'container-encapsulation': { title: 'What packets begin with was worked out', severity: 'note' },
  'snoop-datalink': { title: 'The datalink type is not known', severity: 'warning' },
  'snoop-version': { title: 'Another version of snoop', severity: 'note' },
  'time-out-of-range': { title: 'Times that no clock shows', severity: 'warning' },
  'extras-omitted': { title: 'Comments or names are left out', severity: 'note' },
  'interface-unknown': { title: 'Packets of an unknown interface', severity: 'warning' },
  'ip-fragments-incomplete': { title: 'IP fragments are missing', severity: 'warning', spec: 'RFC 791 §3.2' },
  'ip-fragment-bad': { title: 'IP fragments do not fit', severity: 'warning', spec: 'RFC 791 §3.2' },
  'ip-fragment-overlap': { title: 'IP fragments overlap', severity: 'warning', spec: 'RFC 791 §3.2' },
  'ip-reassembly-limit': { title: 'Too many IP fragments at once', severity: 'warning' },
  'tcp-gap': { title: 'Octets of a TCP stream missing', severity: 'warning' },
  'stream-resynchronised': { title: 'Octets in TCP made no message', severity: 'warning' },
  'stream-limit': { title: 'Too many RTP sources', severity: 'warning' },
  'telephone-event-guessed': { title: 'Telephone-events were recognised by shape', severity: 'note' },
  'codec-guessed': { title: 'Codecs were recognised by their packets', severity: 'note' },
  'issues-omitted': { title: 'Further findings are not listed', severity: 'note' },
  'encoded-body': { title: 'A body is not shown decoded', severity: 'note' },
  'esp-not-opened': { title: 'No key opens ESP packets', severity: 'warning', spec: 'RFC 4303 §3.4' },
  'dissector-bug': { title: 'Earshot failed on a packet', severity: 'warning' },
};

/** Damage to the file, reassembly that failed, packets that are malformed: one finding for each code. */
export function captureFindings(capture: Capture): Finding[] {
  const frames = framesByCode(capture);
  const last = capture.store.frames.count - 1;
  const malformed = new Map<string, number>();
  for (let row = 0; row < capture.store.issues.count; row++) {
    const code = capture.store.issues.code(row);
    malformed.set(code, (malformed.get(code) ?? 0) + 1);
  }
  return warningsOf(capture).map(({ code, message, packet }) => {
    const kind = KINDS[code];
    const isOfPackets = kind === undefined && malformed.has(code);
    const evidence = frames.get(code) ?? [packet === undefined ? last : packet - 1];
    return {
      code,
      severity: kind?.severity ?? 'warning',
      title: kind?.title ?? (isOfPackets ? `Malformed ${protocolOf(code)} packets` : sentenceCase(code)),
      message: isOfPackets ? malformedText(code, malformed.get(code) ?? 0, evidence[0] + 1) : sentence(message),
      call: null,
      stream: null,
      packets: packetsOf(evidence),
      spec: kind?.spec ?? null,
    };
  });
}

/** Findings of one packet can follow each other; twenty packets are wanted. */
const FRAMES_KEPT = 1000;

/** Frames of every finding about a packet, by its code: enough to be evidence. */
function framesByCode({ store, pass, streams }: Capture): Map<string, number[]> {
  const frames = new Map<string, number[]>();
  const add = (code: string, frame: number): void => {
    const list = frames.get(code);
    if (list === undefined) frames.set(code, [frame]);
    else if (list.length < FRAMES_KEPT) list.push(frame);
  };
  for (let row = 0; row < store.issues.count; row++) add(store.issues.code(row), store.issues.frame.get(row));
  for (const { code, frame } of pass.fragments.reassembly.issues.list) add(code, frame);
  for (let frame = 0; frame < store.frames.count; frame++) {
    if (store.frames.cutLength.get(frame) !== 0) add('capture-snapped', frame);
  }
  for (const stream of streams.streams) {
    if (stream.guessedEvents.length > 0) add('telephone-event-guessed', stream.firstFrame);
    if (stream.guessedCodec >= 0) add('codec-guessed', stream.firstFrame);
  }
  return frames;
}

function malformedText(code: string, count: number, firstPacket: number): string {
  const text = code.startsWith('sdp-') ? sdpIssueText(code) : sipIssueText(code);
  // Dissectors without texts have codes that can be read.
  const fault = text === code ? code.replaceAll('-', ' ') : text.replace(/\s*\(RFC [^)]*\)/, '');
  return sentence(`${fault}, ${count === 1 ? 'in' : `${count} times, first in`} packet ${firstPacket}`);
}

function protocolOf(code: string): string {
  const [name] = code.split('-', 1);
  return ['sip', 'sdp', 'rtp', 'rtcp'].includes(name) ? name.toUpperCase() : name === 'content' ? 'SIP' : name;
}

function sentenceCase(code: string): string {
  return code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
}

/** With a capital and a full stop. */
function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
