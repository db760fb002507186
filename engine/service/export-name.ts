import type { ExportRequest } from '../../shared/engine-api.ts';

/** The name an export has where the person gives none: `call-7.wav`, `call-7-12.5s-30s.wav`, `stream-3.raw`. */
export function exportName(request: ExportRequest): string {
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
    case 'text':
    case 'bytes':
      return request.name;
  }
}

/** `c7` → `call-7`. */
function numbered(word: string): (id: string) => string {
  return (id) => `${word}-${id.replace(/^[a-z]/, '').replace(/[^\w.-]/g, '_')}`;
}

function seconds(value: number): string {
  return `${Math.round(value * 1000) / 1000}s`;
}
