import type { DigitRow } from '../../shared/api.ts';
import type { KeyListRow, ProblemRow, SecureConnectionRow, TableCounts } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import type { Call } from '../trackers/calls/call.ts';
import { RowsByStream, rowsByStream } from '../trackers/streams/rows-by-stream.ts';
import { Evidence, type Stream } from '../trackers/streams/stream.ts';
import { callId } from './call-rows.ts';
import { digitRows } from './digit-rows.ts';
import { type IceLists, iceListsOf } from './ice/ice-lists.ts';
import { IceMembers } from './ice/ice-members.ts';
import { keyRows } from './key-rows.ts';
import { problemSteps } from './problems/index.ts';
import { ProblemLists } from './problems/problem-lists.ts';
import { secureConnections } from './secure-connections.ts';
import { digitsByStream, streamId } from './stream-rows.ts';

/**
 * What questions about one capture share, each part made when it is first asked for. Of a capture that is still being
 * read it holds what was there when it was made.
 */
export class CaptureIndex {
  readonly capture: Capture;
  readonly isWhole: boolean;
  /** Recognised streams, in order. */
  readonly streams: readonly Stream[];
  /** Frames when it was made. */
  readonly packets: number;
  private entryLists: { readonly calls: Uint32Array; readonly others: Uint32Array } | null = null;
  private callStreams: Map<number, Stream[]> | null = null;
  private digitList: readonly DigitRow[] | null = null;
  private digitTexts: Map<number, string> | null = null;
  private keyList: KeyListRow[] | null = null;
  private connectionList: SecureConnectionRow[] | null = null;
  private mediaPaths: Set<string> | null = null;
  private problemLists: ProblemLists | null = null;
  private steps: Generator<void, ProblemRow[], void> | null = null;
  private streamRows: RowsByStream | null = null;
  private members: IceMembers | null = null;

  /** `isWhole`: it was read to its end, and conclusions were drawn. */
  constructor(capture: Capture, isWhole = true) {
    this.capture = capture;
    this.isWhole = isWhole;
    this.streams = capture.streams.streams;
    this.packets = capture.store.frames.count;
  }

  /** Indices of entries that are calls, ascending. */
  get calls(): Uint32Array {
    return this.entries.calls;
  }

  /** Indices of the other entries: registrations, probes. */
  get others(): Uint32Array {
    return this.entries.others;
  }

  get problems(): readonly ProblemRow[] {
    return this.lists.rows;
  }

  /** Problems by what they are about; those of a capture that is still being read are not known yet. */
  get lists(): ProblemLists {
    if (this.problemLists === null) {
      let step = this.findProblems();
      while (step.done !== true) step = this.findProblems();
    }
    return this.problemLists ?? new ProblemLists([], this.capture);
  }

  /** Finds the problems, with turns for others in between, so that asking for them later takes no time. */
  async prepare(turns: { wait(): Promise<void> | undefined }): Promise<void> {
    while (this.findProblems().done !== true) await turns.wait();
  }

  /** Keys for SRTP; those of a capture that is still being read are not known yet. */
  get keys(): readonly KeyListRow[] {
    this.keyList ??= (this.isWhole ? keyRows(this.capture) : []).map((row, at) => ({
      ...row,
      id: `key${at + 1}`,
      callNumber: row.call === null ? null : numberOf(row.call, 'c'),
    }));
    return this.keyList;
  }

  /** TLS and DTLS connections; those of a capture that is still being read are not known yet. */
  get connections(): readonly SecureConnectionRow[] {
    this.connectionList ??= this.isWhole ? secureConnections(this.capture) : [];
    return this.connectionList;
  }

  /** Whether a connection is there for the keys of streams: then their encryption tells of it. */
  isForMedia({ protocol, srtpProfile, client, server }: SecureConnectionRow): boolean {
    if (srtpProfile !== null) return true;
    if (this.mediaPaths === null) {
      const { flows } = this.capture.store;
      this.mediaPaths = new Set();
      for (const { encryption, flow } of this.streams) {
        if (encryption === null) continue;
        const [from, to] = [flows.sourceEndpoint(flow), flows.destinationEndpoint(flow)];
        this.mediaPaths.add(`${from} ${to}`).add(`${to} ${from}`);
      }
    }
    // DTLS 1.3 agrees on the profile under encryption.
    return protocol === 'DTLS' && this.mediaPaths.has(`${client} ${server}`);
  }

  /** Digits by the roads that need no listening. */
  get digits(): readonly DigitRow[] {
    this.digitList ??= digitRows(this.capture);
    return this.digitList;
  }

  /** ICE sessions and TURN allocations; those of a capture that is still being read are not known yet. */
  get ice(): IceLists {
    return iceListsOf(this.capture);
  }

  /** Which packets belong to ICE sessions and TURN allocations. */
  get iceMembers(): IceMembers {
    this.members ??= new IceMembers(this.capture, this.ice);
    return this.members;
  }

  get counts(): TableCounts {
    return {
      calls: this.calls.length,
      vertoCalls: this.capture.verto.calls.length,
      registrations: this.others.length,
      streams: this.streams.length,
      problems: this.problems.length,
      packets: this.packets,
      digits: this.digits.length,
      keys: this.keys.length,
      sessions: this.ice.entries.length,
      allocations: this.ice.allocations.length,
      encryptedStreams: this.streams.filter(({ encryption }) => encryption !== null).length,
      openedStreams: this.streams.filter(({ encryption }) => encryption !== null && encryption.opening !== null).length,
      opaqueConnections: this.connections.filter((row) => row.state !== 'opened' && !this.isForMedia(row)).length,
    };
  }

  streamsOf(call: Call): readonly Stream[] {
    if (this.callStreams === null) {
      this.callStreams = new Map();
      for (const stream of this.streams) {
        if (stream.call < 0) continue;
        const list = this.callStreams.get(stream.call);
        if (list === undefined) this.callStreams.set(stream.call, [stream]);
        else list.push(stream);
      }
    }
    return this.callStreams.get(call.index) ?? [];
  }

  digitsOf(stream: Stream): string | null {
    this.digitTexts ??= digitsByStream(this.capture);
    return this.digitTexts.get(stream.index) ?? null;
  }

  /** RTP rows of a stream, in capture order. */
  rowsOf(stream: Stream): Uint32Array {
    this.streamRows ??= this.isWhole ? rowsByStream(this.capture.streams) : new RowsByStream(this.capture.streams);
    return this.streamRows.of(stream);
  }

  /** The call with this row id, null where there is none. */
  call(id: string): Call | null {
    const entry = this.capture.calls.entries[numberOf(id, 'c') - 1];
    return entry !== undefined && callId(entry) === id ? entry : null;
  }

  stream(id: string): Stream | null {
    const stream = this.capture.streams.candidates[numberOf(id, 's') - 1];
    return stream !== undefined && stream.evidence !== Evidence.None && streamId(stream) === id ? stream : null;
  }

  private findProblems(): IteratorResult<void, readonly ProblemRow[]> {
    if (this.problemLists !== null) return { done: true, value: this.problemLists.rows };
    this.steps ??= problemSteps(this.capture, (stream) => this.rowsOf(stream));
    const step: IteratorResult<void, readonly ProblemRow[]> = this.isWhole
      ? this.steps.next()
      : { done: true, value: [] };
    if (step.done === true) this.problemLists = new ProblemLists(step.value, this.capture);
    return step;
  }

  private get entries(): { readonly calls: Uint32Array; readonly others: Uint32Array } {
    if (this.entryLists === null) {
      const { calls } = this.capture;
      const isCall: number[] = [];
      const isOther: number[] = [];
      for (const entry of calls.entries) (calls.isCall(entry) ? isCall : isOther).push(entry.index);
      this.entryLists = { calls: Uint32Array.from(isCall), others: Uint32Array.from(isOther) };
    }
    return this.entryLists;
  }
}

/** The number in a row id, 0 where it is none: 7 of `c7`. */
export function numberOf(id: string, letter: string): number {
  const digits = id.slice(letter.length);
  return id.startsWith(letter) && /^\d{1,9}$/.test(digits) ? Number(digits) : 0;
}
