import type { ExportRequest } from '../../shared/engine-api.ts';

/** File systems allow 255 octets in a name; a letter has up to four. */
const MOST_LETTERS = 60;

/**
 * The name an export has where the person gives none: `call-7.wav`, `call-7-12.5s-30s.wav`, `stream-3.raw`. Whatever
 * the request says, it is short, without folders and without signs that some system does not take.
 */
export function exportName(request: ExportRequest): string {
  return safeName(givenName(request));
}

function givenName(request: ExportRequest): string {
  switch (request.kind) {
    case 'wav': {
      const { calls = [], streams = [] } = request.selection;
      const part = request.range === null ? '' : `-${seconds(request.range.from)}-${seconds(request.range.to)}`;
      return `${[...calls.map(numbered('call')), ...streams.map(numbered('stream'))].slice(0, 4).join('-') || 'audio'}${part}.wav`;
    }
    case 'raw':
      return `${numbered('stream')(request.stream)}.raw`;
    case 'pcap':
      return `${request.call === null ? 'filtered' : numbered('call')(request.call)}.pcap`;
    case 'plugin':
    case 'text':
    case 'bytes':
      return request.name;
  }
}

function safeName(name: string): string {
  // The beginning says what it is, the end of what kind.
  const short = name.length > 1000 ? name.slice(0, 500) + name.slice(-500) : name;
  const plain = short.replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:*?"<>|]+/gu, '_').replace(/^[. ]+|[. ]+$/g, '');
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(plain)?.[0] ?? '';
  const stem = Array.from(plain.slice(0, plain.length - ending.length))
    .slice(0, MOST_LETTERS - ending.length)
    .join('');
  return `${stem || 'export'}${ending}`;
}

/** `c7` → `call-7`. */
function numbered(word: string): (id: string) => string {
  return (id) => `${word}-${id.replace(/^[a-z]/, '').replace(/[^\w.-]/g, '_')}`;
}

function seconds(value: number): string {
  return `${Math.round(value * 1000) / 1000}s`;
}
