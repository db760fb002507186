import type { CaptureInfo } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { linkTypeName } from '../network/protocol-names.ts';
import { protocolName } from '../store/protocol-list.ts';

const DAMAGE = /^(capture|gzip)-/;

/** Issues that mean the file itself ends early or is damaged. */
export function isDamaged(capture: Capture): boolean {
  return capture.reader.issues.some((issue) => DAMAGE.test(issue.code));
}

/** What the capture is: format, size, link types, times, packets by topmost protocol. */
export function captureInfo(capture: Capture): CaptureInfo {
  const { reader, source, store } = capture;
  const { frames } = store;
  const { earliest: first, latest: last } = frames;
  const counts = new Uint32Array(256);
  for (let frame = 0; frame < frames.count; frame++) counts[frames.protocol.get(frame)]++;
  const protocols: [string, number][] = [];
  counts.forEach((count, protocol) => {
    if (count > 0) protocols.push([protocolName(protocol, store.dissectorIds), count]);
  });
  protocols.sort((a, b) => b[1] - a[1]);
  return {
    file: source.name,
    format: reader.format,
    bytes: source.lengthBytes,
    packets: frames.count,
    truncated: isDamaged(capture),
    linkTypes: [...new Set(reader.interfaces.map((i) => linkTypeName(i.linkType)))],
    firstTime: first < 0 ? null : frames.time(first),
    lastTime: last < 0 ? null : frames.time(last),
    durationSeconds: first < 0 ? 0 : frames.secondsBetween(first, last),
    protocols: Object.fromEntries(protocols),
  };
}
