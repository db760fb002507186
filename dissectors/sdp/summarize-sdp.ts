/** One line for the packet list. */
import type { Octets } from '../../base/octets.ts';
import { parseFmtp, parseFormats } from './parse-formats.ts';
import { parseSdp } from './parse-sdp.ts';

/** E.g. `audio 10018 (PCMA PCMU telephone-event), video 0`. */
export function summarizeSdp(data: Octets): string {
  const sections = parseSdp(data.text()).media.map((media) => {
    const lines = media.attributes.all.filter((one) => one.name === 'rtpmap').map((one) => `rtpmap:${one.value}`);
    const formats = parseFormats([media.formats.join(' '), ...lines].join('\n'));
    const names = media.formats.map((format) => {
      const payloadType = parseFmtp(format)?.payloadType;
      return (payloadType === undefined ? undefined : formats.get(payloadType)?.encoding) ?? format;
    });
    const inside = names.length === 0 ? '' : ` (${[...new Set(names)].join(' ')})`;
    return `${media.media} ${media.port}${inside}`;
  });
  return sections.length === 0 ? 'No media' : sections.join(', ');
}
