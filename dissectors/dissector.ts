/**
 * The contract of every dissector, built in or plugged in. A dissector knows one protocol and nothing of files,
 * windows or other dissectors.
 *
 * It works in two passes. The hot pass calls `dissect` once for every packet; it writes a row of numbers into
 * columns and allocates nothing. The cold pass calls `summarize` for the rows a person sees and `describe` for the
 * packet a person opens; those may allocate.
 *
 * Malformed input is a result, not an exception: `dissect` keeps what it decoded before the fault, reports it
 * through `ctx.issue` with an offset, and returns `Verdict.Malformed`.
 */
import type { FilterField } from '../base/filter-field.ts';
import type { Octets } from '../base/octets.ts';
import type { StringTable } from '../base/string-table.ts';
import type { ColumnSpec, Table } from '../base/table.ts';

export type { ColumnSpec, Table } from '../base/table.ts';

/** What `dissect` says of a payload. */
export const Verdict = {
  /** It was this protocol, and sound. */
  Ok: 0,
  /** It is not this protocol: rows added by this call are dropped and others are asked. */
  Reject: 1,
  /** Streams only (TCP): the message goes on past these octets; ask again with more. */
  NeedMore: 2,
  /** It is this protocol, and damaged: what was decoded is kept, `ctx.issue` said where the fault is. */
  Malformed: 3,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** How sure a dissector is that a payload is its own, from one look at it. */
export const Confidence = {
  None: 0,
  /** Possible, but others would fit as well: several consistent packets must agree (bare RTP). */
  Weak: 1,
  /** Fits in several places; a well-known port beats it. */
  Likely: 2,
  /** A signature that other protocols do not show; beats a well-known port. */
  Strong: 3,
  /** A magic number or checksum matched. */
  Certain: 4,
} as const;
export type Confidence = (typeof Confidence)[keyof typeof Confidence];

export type Transport = 'udp' | 'tcp';

/** What a rule says of payloads: a header of a length, unknown otherwise, and behind it what `as` says. */
export interface Encapsulation {
  readonly skipBytes: number;
  readonly as: 'ip' | 'udp' | 'payload';
}

/**
 * Where a dissector wants to be asked. The engine tries, in this order: the user's Decode As, what the flow has
 * proved to be, what signalling bound it to, heuristics of Strong and above, ports, heuristics of Likely, Weak.
 */
export type Claim =
  | { readonly kind: 'port'; readonly transport: Transport; readonly port: number }
  | { readonly kind: 'media-type'; readonly type: string }
  /** `firstOctet` (inclusive range) spares the probe where another protocol owns the octet (RFC 7983). */
  | { readonly kind: 'heuristic'; readonly over: Transport; readonly firstOctet?: readonly [number, number] };

/** What a dissector may know and do while it is asked. One object is reused for all packets: keep nothing of it. */
export interface DissectContext {
  /** Every column of kind `text` holds ids of this table. */
  readonly strings: StringTable;
  /** The capture holds less of this packet than was on the wire: an overrun means cut, not malformed. */
  readonly truncated: boolean;
  readonly transport: Transport;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Where a rule says that something is wrapped in this payload; for the dissector that rules name. */
  readonly encapsulation?: Encapsulation | null;
  /**
   * Streams only: how many octets this message took. Where it stays 0 after Ok or Malformed, the whole view counts
   * as taken. A stream dissector handles one message a call. Where it is more than there are, the rest of the message is
   * passed over as it comes; Infinity: all that comes until the connection ends.
   */
  consumed: number;
  /**
   * Hands a body on to whoever claims the media type (RFC 9110 type/subtype; parameters and case are ignored).
   * `row` is the row of this dissector that the body belongs to. The part must lie inside `data`.
   */
  child(mediaType: string, at: number, length: number, row: number): void;
  /**
   * Hands on a packet that lies inside this payload, which is then dissected with a flow of its own: a whole IP packet
   * (`ip`), a UDP header and what follows it (`udp`), or what a datagram holds (`payload`; it has the addresses of this
   * payload). One a payload; the part must lie inside `data`.
   */
  packet(as: 'ip' | 'udp' | 'payload', at: number, length: number): void;
  /** A finding about this payload: a stable kebab-case code, and where in `data` it shows. */
  issue(code: string, at: number): void;
}

/**
 * The rows a dissector writes. Take `const row = out.add()` for each message, then set its columns:
 * `out.columns.sequence.set(row, data.u16(2))`. The engine itself keeps frame, flow and offset of each row.
 */
export type Rows<C extends ColumnSpec> = Table<C>;

/** What the cold pass may know of the packet. */
export interface DescribeContext {
  readonly truncated: boolean;
  readonly transport: Transport;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** As the hot pass had it. */
  readonly encapsulation?: Encapsulation | null;
  /** Media type of the payload where a body was handed on, else ''. */
  readonly mediaType: string;
  /** Where the payload is SRTP's: it cannot be read here, and ends with an MKI and a tag of these lengths (RFC 3711, figure 1). */
  readonly srtp: { readonly mkiLength: number; readonly tagLength: number } | null;
  /** RTP payload type → encoding as signalled for this flow, e.g. `PCMU/8000`, or '' where nothing said. */
  encodingOf(payloadType: number): string;
  /** Shows a body inside this payload through whoever claims the media type, below the current node. */
  child(mediaType: string, at: number, length: number): void;
}

/** A value as the detail pane shows it. */
export type FieldValue = string | number | bigint | boolean | null;

/**
 * The detail tree, built in order of the octets. `at` and `length` are relative to `data`; a field that no octet
 * holds (computed) has length 0. Names follow Wireshark's where it has the field (`rtp.seq`, `sip.Call-ID`).
 */
export interface TreeBuilder {
  /** A leaf: machine name, label as read by a person, octets, value, and what the value means where that helps. */
  field(name: string, label: string, at: number, length: number, value: FieldValue, meaning?: string): void;
  /** A node with children: what `build` adds lies below it. `text` is the node's own line after its label. */
  group(name: string, label: string, at: number, length: number, text: string, build: () => void): void;
  /** A fault at these octets, shown where it was found. */
  fault(code: string, message: string, at: number, length: number): void;
}

export interface Dissector<C extends ColumnSpec = ColumnSpec> {
  /** Short lower-case name: the protocol column, the Decode As name, the key in the capture's protocol counts. */
  readonly id: string;
  /** The name a person reads, e.g. `SIP`. */
  readonly label: string;
  /** The documents it implements, e.g. `['RFC 8489', 'RFC 8656']`. */
  readonly specs: readonly string[];
  readonly claims: readonly Claim[];
  /** What the hot pass stores, one typed array each. */
  readonly columns: C;
  /**
   * What the display filter can ask of it. A field that `describe` shows and this leaves out can be asked for all the
   * same where the list is missing altogether; with a list, misspelt names are told.
   */
  readonly fields?: readonly FilterField<C>[];
  /** One look, for heuristic claims only. Must not keep or allocate anything. */
  probe?(data: Octets, ctx: DissectContext): Confidence;
  /** Every packet. Writes rows, says what it was. Must not throw, loop without end, or allocate. */
  dissect(data: Octets, out: Rows<C>, ctx: DissectContext): Verdict;
  /** One line for the packet list. */
  summarize(data: Octets, ctx: DescribeContext): string;
  /** The whole tree: every octet of a sound packet is in some field. A bad packet shows as much as can be read. */
  describe(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void;
}
