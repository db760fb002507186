import type { AgentRow, CaptureInfo } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { agentName, correctionOf, type HepAgent } from '../hep/agents.ts';
import { linkTypeName } from '../network/protocol-names.ts';
import { encapsulationRows } from './encapsulation-rows.ts';
import { protocolName } from '../store/protocol-list.ts';

const DAMAGE = /^(capture|gzip)-/;

/** Issues that mean the file itself ends early or is damaged. */
export function isDamaged(capture: Capture): boolean {
  return capture.reader.issues.some((issue) => DAMAGE.test(issue.code));
}

/** The file, and when its first and its last packet were captured: what tables are headed with, known without a look at the packets. */
export function captureSpan({
  source,
  store: { frames },
}: Capture): Pick<CaptureInfo, 'file' | 'firstTime' | 'lastTime'> {
  const { earliest, latest } = frames;
  return {
    file: source.name,
    firstTime: earliest < 0 ? null : frames.arrivalTime(earliest),
    lastTime: latest < 0 ? null : frames.arrivalTime(latest),
  };
}

/** What the capture is: format, size, link types, times, packets by topmost protocol. */
export function captureInfo(capture: Capture): CaptureInfo {
  const { reader, source, store } = capture;
  const { frames } = store;
  const { earliest: first, latest: last, protocol, count } = frames;
  const { file, firstTime, lastTime } = captureSpan(capture);
  const counts = new Uint32Array(256);
  for (let frame = 0; frame < count; frame++) counts[protocol.get(frame)]++;
  const protocols: [string, number][] = [];
  counts.forEach((packets, index) => {
    if (packets > 0) protocols.push([protocolName(index, store.dissectorIds), packets]);
  });
  protocols.sort((a, b) => b[1] - a[1]);
  return {
    file,
    format: reader.format,
    bytes: source.container?.lengthBytes ?? source.lengthBytes,
    packets: count,
    truncated: isDamaged(capture),
    linkTypes: [...new Set(reader.interfaces.map((i) => linkTypeName(i.linkType)))],
    firstTime,
    lastTime,
    durationSeconds: first < 0 ? 0 : frames.arrivalSecondsBetween(first, last),
    protocols: Object.fromEntries(protocols),
    ...(capture.encapsulations.length === 0 ? {} : { encapsulations: encapsulationRows(capture) }),
    ...(capture.pass.hep.agents.list.length === 0 ? {} : { agents: agentRows(capture) }),
  };
}

/** Who reported what they captured, in order of their first message. */
export function agentRows({ pass, store: { frames } }: Capture): AgentRow[] {
  return pass.hep.agents.list.map((agent: HepAgent) => ({
    number: agent.number,
    id: agent.id,
    nodeName: agent.nodeName === '' ? null : agent.nodeName,
    name: agentName(agent),
    sender: agent.sender,
    packets: agent.packets,
    byType: Object.fromEntries(agent.byType),
    firstTime: frames.arrivalTime(agent.firstFrame),
    lastTime: frames.arrivalTime(agent.lastFrame),
    clockOffsetSeconds: agent.clockOffsetSeconds,
    clock: clockOf(agent),
    authKey: agent.withKey > 0 ? 'present' : 'absent',
  }));
}

function clockOf(agent: HepAgent): AgentRow['clock'] {
  if (agent.clockOffsetSeconds === null) return 'none';
  if (agent.disbelieved > 0) return 'ignored';
  return correctionOf(agent) === 0 ? 'as-is' : 'corrected';
}
