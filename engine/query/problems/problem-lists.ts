import type { ProblemBrief, ProblemRow, Severity } from '../../../shared/engine-api.ts';
import type { Capture } from '../../capture.ts';

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Below 0 where the first is the graver one. */
export function compareSeverity(a: Severity, b: Severity): number {
  return RANK[a] - RANK[b];
}

/** The problems of a capture, by what they are about. */
export class ProblemLists {
  readonly rows: readonly ProblemRow[];
  private readonly byCall = new Map<string, ProblemRow[]>();
  private readonly byStream = new Map<string, ProblemRow[]>();
  private readonly byPacket = new Map<number, ProblemRow[]>();
  private readonly malformed = new Set<number>();

  /** `rows` in their order: the gravest first. */
  constructor(rows: readonly ProblemRow[], { store }: Capture) {
    this.rows = rows;
    for (const row of rows) {
      if (row.call !== null) push(this.byCall, row.call, row);
      if (row.stream !== null) push(this.byStream, row.stream, row);
      for (const packet of row.packets) push(this.byPacket, packet, row);
    }
    // A problem names some of its packets; that a packet is malformed is to be seen on every one.
    for (let row = 0; row < store.issues.count; row++) this.malformed.add(store.issues.frame.get(row) + 1);
  }

  ofCall(id: string): readonly ProblemRow[] {
    return this.byCall.get(id) ?? [];
  }

  ofStream(id: string): readonly ProblemRow[] {
    return this.byStream.get(id) ?? [];
  }

  ofPacket(packet: number): readonly ProblemRow[] {
    return this.byPacket.get(packet) ?? [];
  }

  briefsOfCall(id: string): ProblemBrief[] {
    return this.ofCall(id).map(briefOf);
  }

  /** Each code once. */
  codesOfCall(id: string): string[] {
    return [...new Set(this.ofCall(id).map(({ code }) => code))];
  }

  briefsOfStream(id: string): ProblemBrief[] {
    return this.ofStream(id).map(briefOf);
  }

  /** The gravest that names a packet; null where none does. */
  severityOf(packet: number): Severity | null {
    return this.byPacket.get(packet)?.[0].severity ?? (this.malformed.has(packet) ? 'warning' : null);
  }
}

function briefOf({ id, severity, title }: ProblemRow): ProblemBrief {
  return { id, severity, title };
}

function push<K>(map: Map<K, ProblemRow[]>, key: K, row: ProblemRow): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [row]);
  else list.push(row);
}
