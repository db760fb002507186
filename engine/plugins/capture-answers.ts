import type { Capture } from '../capture.ts';
import { checkFilter } from '../filter/check.ts';
import { filterPackets } from '../filter/filter-packets.ts';
import { callRow } from '../query/call-rows.ts';
import { CaptureIndex } from '../query/capture-index.ts';
import { captureInfo } from '../query/capture-info.ts';
import { iceListsOf } from '../query/ice/ice-lists.ts';
import { packetRows } from '../query/packet-rows.ts';
import { messageViews } from '../query/packet-view.ts';
import { streamId, streamRow } from '../query/stream-rows.ts';
import type { SipMessage } from './contract.ts';
import { whole } from './declaration.ts';

const PAGE_ROWS = 200;
/** Calls have their messages with them. */
const PAGE_CALLS = 20;
const MOST_FILTER = 10_000;

/** Answers what checks and exports ask about one capture that was read. No answer holds a key. */
export class CaptureAnswers {
  private readonly capture: Capture;
  private readonly signal: AbortSignal;
  private known: CaptureIndex | null = null;
  private readonly filtered = new Map<string, Uint32Array | null>();
  private readonly own: readonly { readonly id: string }[];

  /** `own`: dissectors of the plugin that asks. One that is only tried has rows in no capture yet. */
  constructor(capture: Capture, signal: AbortSignal, own: readonly { readonly id: string }[] = []) {
    this.capture = capture;
    this.signal = signal;
    this.own = own;
  }

  /** `question` and the answer are JSON; a question that makes no sense is answered with an error. Rejects when cancelled. */
  async answer(question: string): Promise<string> {
    this.signal.throwIfAborted();
    try {
      const asked = JSON.parse(question) as unknown;
      if (typeof asked !== 'object' || asked === null) throw new QuestionError('This is no question.');
      return JSON.stringify({ value: await this.valueOf(asked as Record<string, unknown>) }, plainNumbers);
    } catch (error) {
      this.signal.throwIfAborted();
      const message = error instanceof QuestionError ? error.message : 'The capture could not be read.';
      return JSON.stringify({ error: message });
    }
  }

  private valueOf({ ask, list, of, from, packet }: Record<string, unknown>): unknown {
    if (ask === 'info') return captureInfo(this.capture);
    if (ask === 'message') return this.message(whole(packet, 1, 0xffff_ffff));
    if (ask !== 'rows') throw new QuestionError('This is no question.');
    const first = whole(from, 0, 0xffff_ffff) ?? 0;
    const name = typeof of === 'string' ? of : '';
    switch (list) {
      case 'calls':
        return this.calls(first);
      case 'streams':
        return this.index.streams
          .slice(first, first + PAGE_ROWS)
          .map((stream) => streamRow(this.capture, stream, this.index.digitsOf(stream)));
      case 'ice':
        return this.ice().slice(first, first + PAGE_ROWS);
      case 'problems':
        return this.index.problems.slice(first, first + PAGE_ROWS);
      case 'packets':
        return this.packets(name, first);
      case 'rows':
        return this.rows(name, first);
      default:
        throw new QuestionError('There is no such list.');
    }
  }

  private get index(): CaptureIndex {
    this.known ??= new CaptureIndex(this.capture);
    return this.known;
  }

  private calls(first: number): unknown[] {
    const { capture, index } = this;
    return [...index.calls.subarray(first, first + PAGE_CALLS)].map((entry) => {
      const call = capture.calls.entries[entry];
      const row = callRow(capture, call, index.streamsOf(call).map(streamId));
      return { ...row, problems: index.lists.codesOfCall(row.id) };
    });
  }

  private ice(): unknown[] {
    const { sessions, allocations } = iceListsOf(this.capture);
    return [...allocations, ...sessions].toSorted((a, b) => a.startTime - b.startTime);
  }

  private async packets(filter: string, from: number): Promise<unknown[]> {
    const frames = await this.frames(filter);
    for await (const rows of packetRows(this.capture, { frames, from, limit: PAGE_ROWS })) return rows;
    return [];
  }

  private async frames(filter: string): Promise<Uint32Array | null> {
    const known = this.filtered.get(filter);
    if (known !== undefined) return known;
    const checked = checkFilter(filter.slice(0, MOST_FILTER), 'packets', this.capture.store.dissectors);
    if (!checked.ok) throw new QuestionError(`The filter is wrong: ${checked.error.message}.`);
    const frames = await filterPackets(this.capture, checked.filter, { signal: this.signal });
    // One at a time: a plugin could ask for as many as it can make up.
    this.filtered.clear();
    this.filtered.set(filter, frames);
    return frames;
  }

  private rows(dissector: string, from: number): unknown[] {
    const { store } = this.capture;
    const { frames, flows, strings } = store;
    const index = store.dissectorIds.indexOf(dissector);
    if (index < 0 && this.own.some(({ id }) => id === dissector)) return [];
    if (index < 0) throw new QuestionError(`There is no dissector "${dissector.slice(0, 80)}".`);
    const layer = store.layers[index];
    const spec = Object.entries(layer.rows.spec);
    const end = Math.min(layer.count, from + PAGE_ROWS);
    const rows: unknown[] = [];
    for (let row = from; row < end; row++) {
      const frame = layer.frame.get(row);
      const flow = store.flowOf(layer, row);
      const values = spec.map(([name, kind]) => {
        const value = layer.rows.columns[name].get(row);
        return [name, kind === 'text' ? strings.text(value) : value];
      });
      rows.push({
        packet: frame + 1,
        time: frames.time(frame),
        src: flow === 0 ? null : flows.sourceEndpoint(flow),
        dst: flow === 0 ? null : flows.destinationEndpoint(flow),
        columns: Object.fromEntries(values) as unknown,
      });
    }
    return rows;
  }

  private async message(packet: number | null): Promise<SipMessage | null> {
    const [view] = packet === null ? [] : ((await messageViews(this.capture, packet)) ?? []);
    return view === undefined ? null : sipMessage(view.text);
  }
}

class QuestionError extends Error {}

/** Takes a message apart at its lines (RFC 3261 section 7). */
export function sipMessage(text: string): SipMessage {
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const body = end === null ? '' : text.slice(end.index + end[0].length);
  const [start = '', ...lines] = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return colon < 0
      ? { name: '', value: line.trim() }
      : { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
  });
  return { start, headers, body: withoutKeys(body) };
}

/** Keys of SDP (RFC 4568 section 9.1, RFC 4567 section 3.1, RFC 8866 section 5.12) are secrets. */
function withoutKeys(body: string): string {
  return body
    .replace(/inline:[^\s|;]+/gi, 'inline:…')
    .replace(/^(a=key-mgmt:\S+)[ \t]+\S+/gim, '$1 …')
    .replace(/^(k=[^:\r\n]*):.*$/gim, '$1:…');
}

/** 64-bit values that a double does not hold are texts, as in what the command prints. */
function plainNumbers(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
