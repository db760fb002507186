import type { Capture } from '../../capture.ts';
import type { Stream } from '../../trackers/streams/stream.ts';
import type { StreamFigures } from '../../trackers/streams/stream-figures.ts';
import { callId } from '../call-rows.ts';
import { streamId } from '../stream-rows.ts';
import type { CallFacts } from './call-facts.ts';

/** What rules ask about a stream. */
export class StreamFacts {
  readonly capture: Capture;
  readonly stream: Stream;
  readonly figures: StreamFigures;
  /** Its call; null where it has none. */
  readonly callFacts: CallFacts | null;
  readonly id: string;
  readonly call: string | null;
  private readonly rowsOf: (stream: Stream) => Uint32Array;

  constructor(
    capture: Capture,
    stream: Stream,
    figures: StreamFigures,
    callFacts: CallFacts | null,
    rowsOf: (stream: Stream) => Uint32Array,
  ) {
    this.capture = capture;
    this.stream = stream;
    this.figures = figures;
    this.callFacts = callFacts;
    this.rowsOf = rowsOf;
    this.id = streamId(stream);
    this.call = stream.call < 0 ? null : callId(capture.calls.entries[stream.call]);
  }

  /** Its RTP rows. */
  get rows(): Uint32Array {
    return this.rowsOf(this.stream);
  }

  /** ` from alice`, or where it comes from: ` from 10.0.0.1:4000`; both where that side has several streams. */
  get from(): string {
    const { stream, callFacts, capture } = this;
    const endpoint = capture.store.flows.sourceEndpoint(stream.flow);
    if (callFacts === null || stream.fromCaller === null || !capture.calls.knowsSides(callFacts.call)) {
      return ` from ${endpoint}`;
    }
    const isOnly = callFacts.streams.every((other) => other === stream || other.fromCaller !== stream.fromCaller);
    return ` from ${callFacts.who(stream.fromCaller ? 'caller' : 'callee')}${isOnly ? '' : ` by way of ${endpoint}`}`;
  }
}
