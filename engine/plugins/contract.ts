/**
 * What a plugin exports by default, and what its checks and exports may see of a capture. Dissectors follow the contract
 * of the built-in ones (dissectors/dissector.ts).
 */
import type { Dissector } from '../../dissectors/dissector.ts';
import type { CallRow, CaptureInfo, PacketRow, StreamRow } from '../../shared/api.ts';
import type { IceRow } from '../../shared/ice.ts';

/** A plugin: `export default { … } satisfies Plugin`. */
export interface Plugin {
  readonly dissectors?: readonly Dissector[];
  readonly checks?: readonly Check[];
  readonly exports?: readonly Export[];
}

/** Looks at a capture that was read, and says what is wrong. What it finds stands among the other problems. */
export interface Check {
  /** Short lower-case name: a problem's code is `plugin:<id>:<code>`. */
  readonly id: string;
  /** The name a person reads. */
  readonly label: string;
  run(capture: CaptureView): readonly Problem[];
}

/** Makes a file of a capture that was read. */
export interface Export {
  /** Short lower-case name, as `earshot export --export` takes it. */
  readonly id: string;
  readonly label: string;
  /** Without the dot, e.g. `csv`. */
  readonly extension: string;
  run(capture: CaptureView): string | Uint8Array;
}

/** A finding about a call, a stream or the capture. */
export interface Problem {
  /** Stable, in kebab-case. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  /** Under eight words. */
  readonly title: string;
  /** One sentence with its full stop. */
  readonly message: string;
  /** Row ids (`c7`, `s2`). */
  readonly call?: string | null;
  readonly stream?: string | null;
  /** Packets that prove it, counted from 1; the first 20 are kept. */
  readonly packets?: readonly number[];
  /** `RFC 3325 §9.1` */
  readonly spec?: string | null;
}

/** A problem that Earshot found itself. */
export interface FoundProblem {
  readonly id: string;
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly title: string;
  readonly message: string;
  readonly time: number | null;
  readonly call: string | null;
  readonly stream: string | null;
  readonly packets: readonly number[];
  readonly spec: string | null;
}

/** A SIP message. */
export interface SipMessage {
  /** The request line or status line. */
  readonly start: string;
  /** In their order; folded lines are one. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Keys in it (`a=crypto`) are left out. */
  readonly body: string;
}

/** What the hot pass stored of one message: a row of its dissector's columns. */
export interface DissectedRow {
  readonly packet: number;
  readonly time: number;
  readonly src: string | null;
  readonly dst: string | null;
  readonly columns: Readonly<Record<string, number | string>>;
}

/**
 * A capture as checks and exports see it: the rows that the command prints as JSON, page by page. `[...capture.calls()]`
 * makes a list. Keys are in none of them.
 */
export interface CaptureView {
  readonly info: CaptureInfo;
  calls(): Iterable<CallRow>;
  streams(): Iterable<StreamRow>;
  ice(): Iterable<IceRow>;
  /** Those that Earshot finds itself. */
  problems(): Iterable<FoundProblem>;
  /** Packets that pass a display filter; all without one. Throws where the filter is wrong. */
  packets(filter?: string): Iterable<PacketRow>;
  /** What a dissector stored, by its id. Throws where there is none of that name. */
  rows(dissector: string): Iterable<DissectedRow>;
  /** The first SIP message of a packet; null where it has none. */
  message(packet: number): SipMessage | null;
}
