import { captureSpan } from '../../engine/query/capture-info.ts';
import { iceListsOf } from '../../engine/query/ice/ice-lists.ts';
import type { IceOutcome, IceRow, IceSessionRow, TurnAllocationRow } from '../../shared/ice.ts';
import { captionOf } from '../caption.ts';
import type { Command, Session } from '../command.ts';
import { clockFor, formatNumber, NONE } from '../format.ts';
import { safeText } from '../safe-text.ts';
import type { Tone } from '../style.ts';
import { type Column, writeTable } from '../table.ts';

export const ice: Command = {
  name: 'ice',
  summary: 'ICE sessions and TURN allocations: which step failed, and why',
  options: [],
  examples: [
    'earshot ice call.pcap',
    'earshot ice call.pcap --json | jq -r \'.ice[] | select(.outcome == "failed") | .verdict, .explanation\'',
    "earshot packets call.pcap --filter 'ice.id == 1'",
  ],
  remarks: [
    'A TURN allocation is judged by its steps (reachability, allocate, permission, connectivity-check, channel-bind, media), an',
    'ICE session by its candidate pairs and what DTLS made of the selected one. The verdict names the first step that failed;',
    'where the capture does not show enough there is none ("incomplete").',
  ],
  run: async (session) => {
    const { sessions, allocations } = iceListsOf(session.capture);
    const rows: IceRow[] = [...allocations, ...sessions].toSorted((a, b) => a.startTime - b.startTime);
    if (session.options.json) await session.json({ ice: rows });
    else await writeIce(session, rows);
  },
};

async function writeIce({ capture, page }: Session, rows: readonly IceRow[]): Promise<void> {
  const about = captureSpan(capture);
  if (rows.length === 0) {
    await page.line(`There are no ICE sessions and no TURN allocations in ${safeText(about.file)}.`);
    return;
  }
  const clock = clockFor(about.firstTime, about.lastTime);
  const columns: Column<IceRow>[] = [
    { header: '', value: (row) => row.id },
    { header: 'start', value: (row) => clock(row.startTime), rank: 3 },
    { header: 'client', value: clientOf, shrinkTo: 21 },
    { header: 'peer or server', value: peerOf, shrinkTo: 21 },
    { header: 'way', value: wayOf, rank: 4 },
    { header: 'pairs', align: 'right', value: pairsOf, optional: true, rank: 2 },
    { header: 'RTT ms', align: 'right', value: (row) => formatNumber(roundTripOf(row), 1), optional: true, rank: 1 },
    { header: 'call', value: (row) => ('call' in row ? row.call : null) ?? NONE, optional: true, rank: 5 },
    { header: 'outcome', value: (row) => row.outcome, tone: (row) => TONES[row.outcome] },
    { header: 'verdict', value: (row) => row.verdict, tone: () => 'bold' },
    { header: 'what happened', value: whatHappened, shrinkTo: 30 },
  ];
  await page.line(page.paint(captionOf(about), 'dim'));
  await writeTable(page, columns, rows);
}

const TONES: Readonly<Record<IceOutcome, Tone>> = { ok: 'good', failed: 'bad', warning: 'warn', incomplete: 'plain' };

function clientOf(row: IceRow): string {
  return (row.kind === 'ice-session' ? (row.selected?.local ?? row.local.address) : row.client) ?? NONE;
}

function peerOf(row: IceRow): string {
  return (row.kind === 'ice-session' ? (row.selected?.remote ?? row.remote.address) : row.server) ?? NONE;
}

/** `host to srflx` of a session; `TURN over udp` of an allocation. */
function wayOf(row: IceRow): string {
  if (row.kind === 'turn-allocation') return `TURN over ${row.transport}`;
  const { selected } = row;
  if (selected === null) return 'ICE';
  return `${selected.localType ?? 'unknown'} to ${selected.remoteType ?? 'unknown'}`;
}

/** `1 of 4`: pairs that succeeded, of all. */
function pairsOf(row: IceRow): string {
  if (row.kind === 'turn-allocation') return NONE;
  return `${row.pairs.filter(({ state }) => state === 'succeeded').length} of ${row.pairs.length}`;
}

function roundTripOf(row: IceRow): number | null {
  return row.kind === 'ice-session' ? ofSelectedPair(row) : ofAllocate(row);
}

function ofSelectedPair({ selected, pairs }: IceSessionRow): number | null {
  if (selected === null) return null;
  return pairs.find((pair) => pair.local === selected.local && pair.remote === selected.remote)?.roundTripMs ?? null;
}

function ofAllocate({ steps }: TurnAllocationRow): number | null {
  return steps.find(({ step }) => step === 'allocate')?.roundTripMs ?? null;
}

function whatHappened({ explanation, advice }: IceRow): string {
  return advice === null ? explanation : `${explanation} Next: ${advice}`;
}
