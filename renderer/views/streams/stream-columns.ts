import type { StreamListRow } from '../../../shared/engine-api.ts';
import { formatCount, formatNumber, formatPercent, UNKNOWN } from '../../model/format/numbers.ts';
import { formatTime, timeUnit, type TimeContext } from '../../model/format/times.ts';
import type { CellPart, GridColumn } from '../../widgets/grid/column.ts';
import { jitterTone, lossTone, MOS, mosTip } from '../../widgets/grid/figures.ts';
import { problemParts, problemText } from '../../widgets/grid/problem-cell.ts';

/** Full height of the small charts; what is more is cut. */
const MOST_LOSS_PERCENT = 25;
const MOST_JITTER_MS = 60;

type Column = GridColumn<StreamListRow>;

/** A column of figures, right-aligned in monospace. */
function figure(id: string, title: string, text: Column['text'], more: Partial<Column>): Column {
  return { id, title, width: 64, align: 'right', isMono: true, text, ...more };
}

/** `isSome`: there are encrypted streams, so their column stays longest. */
export function streamColumns(times: TimeContext, isSome = false): readonly Column[] {
  return [...whoColumns(), ...qualityColumns(), ...restColumns(times, isSome)];
}

function whoColumns(): readonly Column[] {
  return [
    figure('number', '#', ({ number }) => String(number), {
      name: 'Number',
      width: 44,
      priority: 3,
      sortBy: 'number',
      value: ({ number }) => ({ field: 'stream.id', value: number }),
    }),
    {
      id: 'call',
      title: 'Call',
      width: 78,
      priority: 1,
      sortBy: 'callNumber',
      text: (row) => [row.callNumber ?? protocolOfCall(row), row.side].filter((part) => part !== null).join(' '),
      parts: callParts,
      value: ({ callNumber }) => (callNumber === null ? null : { field: 'call.id', value: callNumber }),
    },
    {
      id: 'ssrc',
      title: 'SSRC',
      width: 90,
      isMono: true,
      sortBy: 'ssrc',
      text: ({ ssrc }) => ssrc,
      value: ({ ssrc }) => ({ field: 'stream.ssrc', value: ssrc, isBare: true }),
    },
    {
      id: 'parties',
      title: 'From → to',
      width: 180,
      minWidth: 150,
      isFlexible: true,
      priority: 1,
      sortBy: 'src',
      text: ({ fromName, toName, src, dst }) => `${fromName ?? src} → ${toName ?? dst}`,
    },
    {
      id: 'codec',
      title: 'Codec',
      width: 66,
      isMono: true,
      sortBy: 'codec',
      text: ({ codec, codecGuessed }) => `${codec ?? UNKNOWN}${codecGuessed === true ? '?' : ''}`,
      tone: ({ codec }) => (codec === null ? 't3' : ''),
      parts: codecParts,
      value: ({ codec }) => (codec === null ? null : { field: 'stream.codec', value: codec }),
    },
  ];
}

/** A codec that was guessed is not shown as one that somebody said. */
function codecParts({ codec, codecGuessed, payloadTypes }: StreamListRow): readonly CellPart[] {
  if (codec === null) return [{ kind: 'text', text: UNKNOWN, className: 't3' }];
  if (codecGuessed !== true) return [{ kind: 'text', text: codec }];
  const title = `Guessed: nothing says what payload type ${payloadTypes.join(', ')} is, but every packet looked at is what ${codec} would send`;
  return [
    { kind: 'text', text: codec, title },
    { kind: 'text', text: '?', className: 't3', title },
  ];
}

/** What set up a stream that is in none of SIP's calls. */
function protocolOfCall({ verto }: StreamListRow): string {
  return verto === undefined ? UNKNOWN : 'Verto';
}

function callParts(row: StreamListRow): readonly CellPart[] {
  const { callNumber, side } = row;
  const name = callNumber === null ? protocolOfCall(row) : `Call ${callNumber}`;
  const parts: CellPart[] = [{ kind: 'text', text: name, className: name === UNKNOWN ? 't3' : '' }];
  if (side !== null) parts.push({ kind: 'text', text: side, className: side === 'A' ? 'chip a' : 'chip b' });
  return parts;
}

function qualityColumns(): readonly Column[] {
  return [
    figure('packets', 'Packets', ({ packets }) => formatCount(packets), { sortBy: 'packets', width: 70 }),
    figure('lost', 'Lost', ({ lost }) => formatCount(lost), { sortBy: 'lost', width: 56, priority: 3 }),
    figure('loss', 'Loss %', ({ lostPercent }) => formatPercent(lostPercent), {
      priority: 1,
      width: 58,
      sortBy: 'lostPercent',
      tone: ({ lostPercent }) => lossTone(lostPercent),
    }),
    {
      id: 'lossOverTime',
      title: 'over time',
      name: `Loss over time, to ${MOST_LOSS_PERCENT} %`,
      width: 104,
      text: () => '',
      parts: ({ sparks, lostPercent }) => [
        {
          kind: 'spark',
          shape: 'bars',
          values: sparks.lossPercent,
          most: MOST_LOSS_PERCENT,
          isBad: lossTone(lostPercent) !== '',
        },
      ],
    },
    figure('jitterMax', 'Max jitter', ({ jitterMs }) => formatNumber(jitterMs.max, 1), {
      unit: 'ms',
      name: 'Highest jitter',
      width: 96,
      priority: 1,
      sortBy: 'jitterMs.max',
      tone: ({ jitterMs }) => jitterTone(jitterMs.max),
    }),
    {
      id: 'jitterOverTime',
      title: 'over time',
      name: `Jitter over time, to ${MOST_JITTER_MS} ms`,
      width: 104,
      text: () => '',
      parts: ({ sparks, jitterMs }) => [
        {
          kind: 'spark',
          shape: 'line',
          values: sparks.jitterMs,
          most: MOST_JITTER_MS,
          isBad: jitterTone(jitterMs.max) !== '',
        },
      ],
    },
    figure('jitterMean', 'mean', ({ jitterMs }) => formatNumber(jitterMs.mean, 1), {
      unit: 'ms',
      name: 'Mean jitter',
      width: 66,
      priority: 3,
      sortBy: 'jitterMs.mean',
    }),
    figure('maxDelta', 'Max Δ', ({ maxDeltaMs }) => formatNumber(maxDeltaMs, 1), {
      unit: 'ms',
      name: 'Longest gap between packets',
      width: 76,
      priority: 3,
      sortBy: 'maxDeltaMs',
    }),
    {
      ...figure('mos', 'MOS', ({ mos }) => MOS.format(mos?.value ?? null), {
        width: 48,
        priority: 1,
        sortBy: 'mos.value',
        tone: ({ mos }) => MOS.tone(mos?.value ?? null),
      }),
      parts: (row) => ratingParts(row, MOS.format(row.mos?.value ?? null)),
    },
    {
      ...figure('r', 'R', ({ mos }) => formatNumber(mos?.r ?? null, 1), {
        name: 'Rating R',
        width: 48,
        isHidden: true,
        sortBy: 'mos.r',
      }),
      parts: (row) => ratingParts(row, formatNumber(row.mos?.r ?? null, 1)),
    },
    figure('late', 'Late %', ({ quality }) => formatPercent(quality.latePercent), {
      name: 'Late for a jitter buffer of 60 ms, %',
      priority: 3,
      width: 54,
      sortBy: 'quality.latePercent',
      tone: ({ quality }) => lossTone(quality.latePercent),
    }),
    figure('bursts', 'Bursts', ({ quality }) => formatCount(quality.bursts), {
      name: 'Bursts of missing packets (RFC 3611)',
      width: 52,
      isHidden: true,
      sortBy: 'quality.bursts',
    }),
    figure('length', 'Length', ({ durationSeconds }) => formatNumber(durationSeconds, 2), {
      unit: 's',
      width: 70,
      priority: 3,
      sortBy: 'durationSeconds',
    }),
  ];
}

function ratingParts({ mos, quality }: StreamListRow, text: string): readonly CellPart[] {
  const title = mosTip(mos, quality.notRatedBecause);
  return [{ kind: 'text', text, title, className: mos === null ? 't3' : MOS.tone(mos.value) }];
}

function restColumns(times: TimeContext, isSome: boolean): readonly Column[] {
  return [
    {
      id: 'digits',
      title: 'Digits',
      width: 72,
      isMono: true,
      priority: 3,
      sortBy: 'digits',
      text: ({ digits }) => digits ?? '',
      value: ({ digits }) => (digits === null ? null : { field: 'stream.digits', value: digits }),
    },
    {
      id: 'encryption',
      title: 'Encryption',
      width: 92,
      priority: isSome ? 1 : 2,
      sortBy: 'encryption.state',
      text: ({ encryption }) => encryptionWords(encryption),
      parts: ({ encryption }) => encryptionParts(encryption),
      value: ({ encryption }) => ({ field: 'stream.encrypted', value: encryption !== null }),
    },
    {
      id: 'suite',
      title: 'Suite',
      width: 180,
      isMono: true,
      isHidden: true,
      sortBy: 'encryption.suite',
      text: ({ encryption }) => encryption?.suite ?? UNKNOWN,
      value: ({ encryption }) =>
        encryption?.suite == null ? null : { field: 'stream.suite', value: encryption.suite },
    },
    figure('authenticated', 'Authentic', ({ encryption }) => formatCount(encryption?.authenticated ?? null), {
      isHidden: true,
      sortBy: 'encryption.authenticated',
    }),
    figure('failed', 'Not auth.', ({ encryption }) => formatCount(encryption?.failed ?? null), {
      name: 'Packets that do not authenticate',
      isHidden: true,
      sortBy: 'encryption.failed',
    }),
    {
      id: 'problems',
      title: 'Problems',
      sortBy: 'problems',
      width: 180,
      minWidth: 120,
      isFlexible: true,
      priority: 3,
      text: ({ problems }) => problemText(problems),
      parts: ({ problems }) => problemParts(problems),
    },
    {
      id: 'start',
      title: 'Start',
      unit: timeUnit(times),
      width: 100,
      isMono: true,
      isHidden: true,
      sortBy: 'startTime',
      text: ({ startTime }, { before }) => formatTime(startTime, before?.startTime ?? null, times),
    },
    {
      id: 'src',
      title: 'Source',
      width: 140,
      isMono: true,
      isHidden: true,
      sortBy: 'src',
      text: ({ src }) => src,
      value: ({ src }) => ({ field: 'stream.src', value: hostOf(src), isBare: true }),
    },
    {
      id: 'dst',
      title: 'Destination',
      width: 140,
      isMono: true,
      isHidden: true,
      sortBy: 'dst',
      text: ({ dst }) => dst,
      value: ({ dst }) => ({ field: 'stream.dst', value: hostOf(dst), isBare: true }),
    },
    figure('expected', 'Expected', ({ expected }) => formatCount(expected), { isHidden: true, sortBy: 'expected' }),
    figure('duplicates', 'Twice', ({ duplicates }) => formatCount(duplicates), {
      isHidden: true,
      sortBy: 'duplicates',
    }),
    figure('outOfOrder', 'Out of order', ({ outOfOrder }) => formatCount(outOfOrder), {
      width: 84,
      isHidden: true,
      sortBy: 'outOfOrder',
    }),
    figure('skew', 'Skew', ({ skewMs }) => formatNumber(skewMs, 1), { unit: 'ms', isHidden: true, sortBy: 'skewMs' }),
    figure('bytes', 'Bytes', ({ bytes }) => formatCount(bytes), { width: 80, isHidden: true, sortBy: 'bytes' }),
  ];
}

function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replaceAll(/^\[|\]$/g, '');
}

/** Suites are long and mostly the same: the grid shows what differs, its tip says all. */
function encryptionWords(encryption: StreamListRow['encryption']): string {
  if (encryption === null) return 'none';
  const { state, keySource, failed } = encryption;
  if (state === 'suspected') return 'looks so';
  if (state === 'no-key') return 'no key';
  if (state === 'failed') return 'wrong key';
  if (failed > 0) return `${formatCount(failed)} failed`;
  return keySource === null ? 'opened' : KEY_FROM[keySource];
}

const KEY_FROM = { sdes: 'by SDP', dtls: 'by DTLS', manual: 'by hand' } as const;

function encryptionTip(encryption: StreamListRow['encryption']): string {
  if (encryption === null) return '';
  const { suite, authenticated, failed, replayed, advice } = encryption;
  const counts = [
    authenticated + failed > 0 ? `${formatCount(authenticated)} authenticated, ${formatCount(failed)} failed` : '',
    replayed > 0 ? `${formatCount(replayed)} replayed` : '',
  ];
  return [suite ?? 'SRTP', ...counts, advice ?? ''].filter(Boolean).join(', ');
}

function encryptionParts(encryption: StreamListRow['encryption']): readonly CellPart[] {
  if (encryption === null) return [{ kind: 'text', text: 'none', className: 't3' }];
  const { state, failed } = encryption;
  const isWrong = state === 'failed' || (state === 'opened' && failed > 0);
  const text: CellPart = {
    kind: 'text',
    text: encryptionWords(encryption),
    className: isWrong ? 'trunc warn' : 'trunc',
    title: encryptionTip(encryption),
  };
  return [{ kind: 'icon', icon: state === 'opened' ? 'unlock' : 'lock', label: '' }, text];
}
