import type { CallListRow, SideFigures } from '../../../shared/engine-api.ts';
import type { Party } from '../../../shared/api.ts';
import { formatNumber, UNKNOWN } from '../../model/format/numbers.ts';
import { formatTime, timeUnit, type TimeContext } from '../../model/format/times.ts';
import type { CellPart, FieldValue, GridColumn } from '../../widgets/grid/column.ts';
import { JITTER, LOSS, MOS, mosTip, pairParts, pairText, RATING } from '../../widgets/grid/figures.ts';
import { problemParts, problemText } from '../../widgets/grid/problem-cell.ts';
import type { Glyph } from '../../widgets/severity.tsx';

const STATES: Readonly<Record<string, readonly [glyph: Glyph, words: string]>> = {
  trying: ['running', 'no answer yet'],
  ringing: ['running', 'ringing'],
  established: ['running', 'still up'],
  completed: ['ok', 'completed'],
  cancelled: ['rejected', 'cancelled'],
  rejected: ['rejected', 'rejected'],
  failed: ['error', 'failed'],
  timedOut: ['error', 'timed out'],
  incomplete: ['incomplete', 'began before the capture'],
};

/** The glyph of a call: that of its worst finding where that is an error. */
export function callGlyph({ state, problems }: Pick<CallListRow, 'state' | 'problems'>): Glyph {
  if (problems.some(({ severity }) => severity === 'error')) return 'error';
  return STATES[state]?.[0] ?? 'incomplete';
}

export function stateWords(state: string): string {
  return STATES[state]?.[1] ?? state;
}

/** What stands in for problems where there are none: why a call came to nothing. */
function outcome({ state, finalStatus, reason, endTime }: CallListRow): string {
  if (finalStatus !== null && finalStatus >= 300) return [finalStatus, reason].filter(Boolean).join(' ');
  if (state === 'completed') return '';
  return state === 'established' && endTime !== null ? '' : stateWords(state);
}

export function callColumns(times: TimeContext, table: 'calls' | 'registrations'): readonly GridColumn<CallListRow>[] {
  const isCalls = table === 'calls';
  const columns: readonly (GridColumn<CallListRow> | false)[] = [
    {
      id: 'state',
      title: '',
      name: 'State',
      width: 32,
      priority: 1,
      sortBy: 'state',
      text: ({ state }) => stateWords(state),
      parts: (row) => [{ kind: 'glyph', glyph: callGlyph(row), label: stateWords(row.state) }],
      value: ({ state }) => ({ field: 'call.state', value: state }),
    },
    {
      id: 'number',
      title: '#',
      name: 'Number',
      width: 40,
      align: 'right',
      isMono: true,
      priority: 1,
      sortBy: 'number',
      text: ({ number }) => String(number),
      value: ({ number }) => ({ field: 'call.id', value: number }),
    },
    !isCalls && {
      id: 'method',
      title: 'Method',
      width: 92,
      isMono: true,
      sortBy: 'method',
      text: ({ method }) => method,
      value: ({ method }) => ({ field: 'call.method', value: method }),
    },
    {
      id: 'from',
      title: 'From',
      width: 106,
      priority: 1,
      sortBy: 'fromName',
      text: ({ fromName }) => fromName ?? UNKNOWN,
      value: ({ from }) => partyValue('from', from),
    },
    {
      id: 'to',
      title: 'To',
      width: 106,
      priority: 1,
      sortBy: 'toName',
      text: ({ toName }) => toName ?? UNKNOWN,
      value: ({ to }) => partyValue('to', to),
    },
    {
      id: 'start',
      title: 'Start',
      unit: timeUnit(times),
      width: 94,
      isMono: true,
      ...(times.format === 'absolute' ? {} : { align: 'right' as const }),
      sortBy: 'startTime',
      text: ({ startTime }, { before }) => formatTime(startTime, before?.startTime ?? null, times),
    },
    {
      id: 'setup',
      title: isCalls ? 'Setup' : 'Answer',
      unit: 's',
      width: 58,
      align: 'right',
      isMono: true,
      sortBy: 'setupSeconds',
      text: ({ setupSeconds }) => formatNumber(setupSeconds, 3),
      tone: ({ setupSeconds }) => (setupSeconds === null ? 't3' : ''),
    },
    {
      id: 'length',
      title: 'Length',
      unit: 's',
      width: 62,
      align: 'right',
      isMono: true,
      sortBy: 'durationSeconds',
      text: ({ durationSeconds }) => formatNumber(durationSeconds, 2),
      tone: ({ durationSeconds }) => (durationSeconds === null ? 't3' : ''),
    },
    ...(isCalls ? mediaColumns() : []),
    {
      id: 'messages',
      title: 'Messages',
      width: 70,
      align: 'right',
      isMono: true,
      isHidden: isCalls,
      sortBy: 'messageCount',
      text: ({ messageCount }) => String(messageCount),
    },
    {
      id: 'callId',
      title: 'Call-ID',
      width: 200,
      isMono: true,
      isHidden: true,
      priority: 3,
      sortBy: 'callId',
      text: ({ callId }) => callId,
      value: ({ callId }) => ({ field: 'call.callId', value: callId }),
    },
    {
      id: 'problems',
      title: 'Problems',
      sortBy: 'problems',
      width: 220,
      minWidth: 128,
      isFlexible: true,
      priority: 1,
      text: (row) => problemText(row.problems) || outcome(row),
      parts: problemsOrOutcome,
    },
  ];
  return columns.filter((column) => column !== false);
}

function mediaColumns(): readonly GridColumn<CallListRow>[] {
  return [
    {
      id: 'codec',
      title: 'Codec',
      width: 68,
      isMono: true,
      sortBy: 'codec',
      text: ({ codec }) => codec ?? UNKNOWN,
      parts: codecParts,
      value: ({ codec }) => (codec === null ? null : { field: 'call.codec', value: codec.split(/[ ,/]/)[0] }),
    },
    {
      id: 'mos',
      title: 'MOS A / B',
      width: 82,
      priority: 1,
      align: 'right',
      isMono: true,
      sortBy: 'a.mos',
      text: ({ a, b }) => pairText(a.mos, b.mos, MOS),
      parts: ({ a, b }) => pairParts(a.mos, b.mos, MOS, [ratingTip(a), ratingTip(b)]),
    },
    {
      id: 'r',
      title: 'R A / B',
      width: 96,
      align: 'right',
      isMono: true,
      isHidden: true,
      sortBy: 'a.rating.r',
      text: ({ a, b }) => pairText(a.rating?.r ?? null, b.rating?.r ?? null, RATING),
      parts: ({ a, b }) => pairParts(a.rating?.r ?? null, b.rating?.r ?? null, RATING, [ratingTip(a), ratingTip(b)]),
    },
    {
      id: 'loss',
      title: 'Loss % A / B',
      width: 90,
      align: 'right',
      isMono: true,
      sortBy: 'a.lostPercent',
      text: ({ a, b }) => pairText(a.lostPercent, b.lostPercent, LOSS),
      parts: ({ a, b }) => pairParts(a.lostPercent, b.lostPercent, LOSS),
    },
    {
      id: 'jitter',
      title: 'Jitter ms A / B',
      width: 102,
      align: 'right',
      isMono: true,
      priority: 3,
      sortBy: 'a.jitterMs',
      text: ({ a, b }) => pairText(a.jitterMs, b.jitterMs, JITTER),
      parts: ({ a, b }) => pairParts(a.jitterMs, b.jitterMs, JITTER),
    },
  ];
}

function ratingTip({ rating, notRatedBecause }: SideFigures): string {
  return mosTip(rating, notRatedBecause);
}

function codecParts({ codec, isEncrypted, isOpened }: CallListRow): readonly CellPart[] {
  const name: CellPart = { kind: 'text', text: codec ?? UNKNOWN, className: codec === null ? 't3' : 'trunc' };
  if (!isEncrypted) return [name];
  const icon = isOpened ? 'unlock' : 'lock';
  return [name, { kind: 'icon', icon, label: isOpened ? 'encrypted, opened' : 'encrypted' }];
}

function problemsOrOutcome(row: CallListRow): readonly CellPart[] {
  if (row.problems.length > 0) return problemParts(row.problems);
  const text = outcome(row);
  return text === '' ? [] : [{ kind: 'text', text, className: 't3 trunc' }];
}

function partyValue(side: 'from' | 'to', { uri, display }: Party): FieldValue | null {
  if (uri !== null) return { field: `call.${side}.uri`, value: uri };
  return display === null ? null : { field: `call.${side}.display`, value: display };
}
