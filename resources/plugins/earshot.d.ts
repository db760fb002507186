/* oxlint-disable */
/**
 * What a plugin can import from 'earshot': the contract that the built-in dissectors follow, and what checks and exports
 * see of a capture. Written by scripts/plugin-types.mjs from the sources; the examples beside it show its use.
 */
declare module 'earshot' {
  /** What every column offers, whatever its width. Rows that were never set read as 0. */
  export interface Column {
    get(row: number): number;
    set(row: number, value: number): void;
    /** Sets `count` rows from `row` on to `values[from]`, `values[from + 1]`, … */
    copyFrom(row: number, values: ColumnArray, from: number, count: number): void;
    /** Sets `into[0]`, `into[1]`, … to the values of `count` rows from `row` on. */
    read(row: number, count: number, into: ColumnArray): void;
    /** Sets `into[i]` to the value of row `rows[i]`, for `from ≤ i < to`. `into` is best of the column's own width. */
    gather(rows: Uint32Array, into: ColumnArray, from: number, to: number): void;
    /** Octets of memory the column holds. */
    readonly lengthBytes: number;
  }

  type ColumnArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

  /**
   * What a field's values are. `protocol` is there or not, and can be searched; `time` and `duration` are in seconds;
   * `address` is IPv4 or IPv6; `id` is the number of a row (`7` or `c7`); `octets` is text, that of all octets of the
   * node; `node` has no value of its own.
   */
  export type FilterType =
    | 'protocol'
    | 'node'
    | 'text'
    | 'octets'
    | 'number'
    | 'boolean'
    | 'ipv4'
    | 'ipv6'
    | 'address'
    | 'mac'
    | 'time'
    | 'duration'
    | 'id';

  /** The row has no such field. */
  export const ABSENT = -1;

  /** The columns cannot tell: the packet has to be read again. */
  export const UNKNOWN = -2;

  export interface FilterField<C extends ColumnSpec = ColumnSpec> {
    /** As `describe` names it: Wireshark's name where it has the field. */
    readonly id: string;
    readonly label: string;
    readonly type: FilterType;
    /**
     * Where the hot pass keeps the field: its value in a row, `ABSENT` or `UNKNOWN`. Of a text field it is an interned
     * string, or with `names` a place in them; of a boolean 0 or 1. Called for every row, so it must not allocate.
     */
    column?(
      columns: {
        readonly [K in keyof C]: Column;
      },
      row: number,
    ): number;
    readonly names?: readonly string[];
    /** Text that stands in the packet as it is: a packet that does not hold the wanted text need not be described. */
    readonly isVerbatim?: boolean;
  }

  /** Fields without a column, one a line: type, id, and the label where there is one. */
  export function fieldLines(lines: string): FilterField[];

  /**
   * A bounds-checked view on octets. It never throws: a read past the end gives 0 and sets `overrun`, so a
   * dissector reads a whole header in straight lines and asks once. One view is re-aimed for every packet of the
   * hot pass (`point`), so reading costs no allocation.
   */
  export class Octets {
    bytes: Uint8Array;
    /** Where the view begins in `bytes`. */
    start: number;
    /** Octets in the view. */
    length: number;
    /** Set by any read that passed the end (or began before 0). */
    overrun: boolean;
    constructor(bytes: Uint8Array, start?: number, length?: number);
    /** Re-aims this view; `start + length` must lie inside `bytes`. Clears `overrun`. */
    point(bytes: Uint8Array, start: number, length: number): this;
    u8(at: number): number;
    u16(at: number): number;
    u24(at: number): number;
    u32(at: number): number;
    /** A new view on part of this one, clipped to it (`overrun` is set here when it had to be). Cold paths only. */
    sub(at: number, length?: number): Octets;
    /** The octets as text, UTF-8 with replacement characters for what is not. Cold paths only. */
    text(at?: number, length?: number): string;
    /** Lower-case hexadecimal of part of the view. Cold paths only. */
    hex(at?: number, length?: number): string;
  }

  /**
   * Interns octet strings: equal octets get equal ids, so Call-IDs, tags and addresses compare as numbers and are
   * kept once. Id 0 is the empty string. The octets live in one arena, not as JavaScript strings.
   */
  class StringTable {
    /** The id of `length` octets at `at`; the octets are copied when they are new. */
    intern(bytes: Uint8Array, at: number, length: number): number;
    /** The id of a text's UTF-8 octets. Cold paths only. */
    internText(text: string): number;
    /** The interned octets as text (UTF-8, replacement characters for what is not). */
    text(id: number): string;
    /** A view on the interned octets, valid until the next call. */
    octets(id: number): Octets;
    /** How many different strings there are, the empty one included. */
    get size(): number;
  }

  /** What a column holds. `text` is the id of an interned string (see StringTable), 0 for none. */
  type ColumnKind = 'u8' | 'u16' | 'u32' | 'f64' | 'text';

  /** The columns a table is made of, by name. */
  export type ColumnSpec = Readonly<Record<string, ColumnKind>>;

  /** Rows of equal shape, stored column by column. Row numbers count from 0 in the order they were added. */
  class Table<S extends ColumnSpec> {
    readonly spec: S;
    readonly columns: {
      readonly [K in keyof S]: Column;
    };
    count: number;
    constructor(spec: S);
    /** Adds a row of zeros and gives its number. */
    add(): number;
    /** Drops the rows from `count` on, so that they read as zeros when they are added again. */
    truncate(count: number): void;
    /** Octets of memory the table holds. */
    get lengthBytes(): number;
  }

  /** What `dissect` says of a payload. */
  export const Verdict: {
    /** It was this protocol, and sound. */
    readonly Ok: 0;
    /** It is not this protocol: rows added by this call are dropped and others are asked. */
    readonly Reject: 1;
    /** Streams only (TCP): the message goes on past these octets; ask again with more. */
    readonly NeedMore: 2;
    /** It is this protocol, and damaged: what was decoded is kept, `ctx.issue` said where the fault is. */
    readonly Malformed: 3;
  };

  export type Verdict = (typeof Verdict)[keyof typeof Verdict];

  /** How sure a dissector is that a payload is its own, from one look at it. */
  export const Confidence: {
    readonly None: 0;
    /** Possible, but others would fit as well: several consistent packets must agree (bare RTP). */
    readonly Weak: 1;
    /** Fits in several places; a well-known port beats it. */
    readonly Likely: 2;
    /** A signature that other protocols do not show; beats a well-known port. */
    readonly Strong: 3;
    /** A magic number or checksum matched. */
    readonly Certain: 4;
  };

  export type Confidence = (typeof Confidence)[keyof typeof Confidence];

  export type Transport = 'udp' | 'tcp';

  /** What a rule says of payloads: a header of a length, unknown otherwise, and behind it what `as` says. */
  interface Encapsulation {
    readonly skipBytes: number;
    readonly as: 'ip' | 'udp' | 'payload';
  }

  /**
   * Where a dissector wants to be asked. The engine tries, in this order: the user's Decode As, what the flow has
   * proved to be, what signalling bound it to, heuristics of Strong and above, ports, heuristics of Likely, Weak.
   */
  export type Claim =
    | {
        readonly kind: 'port';
        readonly transport: Transport;
        readonly port: number;
      }
    | {
        readonly kind: 'media-type';
        readonly type: string;
      }
    /** `firstOctet` (inclusive range) spares the probe where another protocol owns the octet (RFC 7983). */
    | {
        readonly kind: 'heuristic';
        readonly over: Transport;
        readonly firstOctet?: readonly [number, number];
      };

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
    readonly srtp: {
      readonly mkiLength: number;
      readonly tagLength: number;
    } | null;
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
    readonly headers: readonly {
      readonly name: string;
      readonly value: string;
    }[];
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

  export interface CaptureInfo {
    file: string;
    format: string;
    bytes: number;
    packets: number;
    /** The file is cut off or damaged: what came before is shown. */
    truncated: boolean;
    linkTypes: string[];
    firstTime: number | null;
    lastTime: number | null;
    durationSeconds: number;
    /** Packets by topmost protocol. */
    protocols: Record<string, number>;
    /** Packets found behind unknown headers; only where there are some. */
    encapsulations?: EncapsulationRow[];
    /** Who reported what they captured (HEP); only where somebody did. */
    agents?: AgentRow[];
  }

  /** A capture agent: an ID, a node name and an address that it sends from. */
  interface AgentRow {
    /** Its place in the list, from 1: `hep.agent` of a display filter. */
    number: number;
    id: number;
    nodeName: string | null;
    /** How it is called elsewhere: `edge (2001)`. */
    name: string;
    /** `ip:port` that its first message came from. */
    sender: string;
    /** Messages that it sent. */
    packets: number;
    /** By what they say to be: `SIP`, `RTCP`, `log`. */
    byType: Record<string, number>;
    /** When its first and last message arrived. */
    firstTime: number;
    lastTime: number;
    /** How far its clock is ahead of the one that took the capture, delays on the way deducted as far as known; null where it tells no time. */
    clockOffsetSeconds: number | null;
    /**
     * What its times are used for. `as-is`: they are the times of its packets. `corrected`: the same, less the offset.
     * `ignored`: they are off by more than an hour, and packets have the time they arrived. `none`: it tells none.
     */
    clock: 'as-is' | 'corrected' | 'ignored' | 'none';
    /** The key itself is never shown. */
    authKey: 'present' | 'absent';
  }

  export interface PacketRow {
    packet: number;
    time: number;
    src: string | null;
    dst: string | null;
    protocol: string;
    /** Octets on the wire. */
    length: number;
    info: string;
    /** When the frame was captured, where `time` is that of the agent that reported what is in it. */
    arrivalTime?: number;
  }

  /** A call that FreeSWITCH's Verto (JSON-RPC over WebSocket) set up. */
  interface VertoCallRow {
    callId: string;
    /** Numbers as the caller's end says them. */
    from: string | null;
    fromName: string | null;
    to: string | null;
    state: string;
    /** Why it ended: `NORMAL_CLEARING`. */
    cause: string | null;
    startTime: number;
    answerTime: number | null;
    endTime: number | null;
    durationSeconds: number | null;
    endedBy: 'caller' | 'callee' | null;
    /** Those that hold its messages. */
    packets: number[];
  }

  export interface Party {
    uri: string | null;
    display: string | null;
    tag: string | null;
  }

  export interface CallMessage {
    packet: number;
    time: number;
    src: string | null;
    dst: string | null;
    transport: string;
    /** Requests. */
    method?: string;
    /** Responses. */
    status?: number;
    reason?: string;
    cseq: string;
    retransmission: boolean;
    /** The capture holds this packet a second time; nobody sent it again. */
    capturedTwice?: boolean;
    /** The capture agent that reported it: `edge (2001)`; only where one did. */
    agent?: string;
    callId?: string;
  }

  interface DialogRow {
    toTag: string;
    state: 'early' | 'confirmed' | 'terminated' | 'rejected';
  }

  interface TransactionRow {
    method: string;
    /** Number of the CSeq. */
    cseq: number;
    /** The request; null where the capture has only answers. */
    packet: number | null;
    provisional: number[];
    finalStatus: number | null;
    finalPacket: number | null;
    answeredAfterMs: number | null;
    /** Requests and responses sent again. */
    retransmissions: number;
    /** The ACK of a refused INVITE. */
    acknowledgedBy: number | null;
  }

  export interface CallRow {
    id: string;
    callId: string;
    callIds: string[];
    from: Party;
    to: Party;
    method: string;
    state: string;
    finalStatus: number | null;
    reason: string | null;
    startTime: number;
    ringTime: number | null;
    answerTime: number | null;
    endTime: number | null;
    durationSeconds: number | null;
    setupSeconds: number | null;
    endedBy: 'caller' | 'callee' | null;
    dialogs: DialogRow[];
    transactions: TransactionRow[];
    messageCount: number;
    messages: CallMessage[];
    streams: string[];
    problems: string[];
  }

  interface StreamEncryption {
    suite: string | null;
    keySource: 'sdes' | 'dtls' | 'manual' | null;
    /** Packets that were made plain. */
    decrypted: number;
    /** Packets whose tag is right for a key at hand, repetitions included. */
    authenticated: number;
    /** Packets that no key at hand authenticates, though one authenticates others; of `failed` streams, the packets tried. */
    failed: number;
    /** Authenticated packets that repeat an index (RFC 3711 section 3.3.2): replayed, or captured twice. */
    replayed: number;
    /**
     * `opened`: it can be heard. `failed`: keys were tried and none authenticates. `no-key`: nothing to try.
     * `suspected`: nothing announces encryption, and the payload looks like it.
     */
    state: 'opened' | 'failed' | 'no-key' | 'suspected';
    /** What to provide, or what was in vain: a sentence; null where it is opened. */
    advice: string | null;
  }

  /** What a packet can be inside of. */
  type TunnelName =
    | 'ipip'
    | '6in4'
    | '4in6'
    | '6in6'
    | 'gre'
    | 'nvgre'
    | 'pptp'
    | 'erspan'
    | 'vxlan'
    | 'vxlan-gpe'
    | 'geneve'
    | 'gtp-u'
    | 'l2tp'
    | 'pppoe'
    | 'mpls'
    | 'teredo'
    | 'ah'
    | 'esp'
    | 'nsh'
    | 'etherip';

  /** How a stream sounded, by the E-model. `value` is MOS-CQE; `r` the transmission rating it comes from. */
  interface StreamMos {
    value: number;
    r: number;
    /** `G.107`: narrowband; `G.107.1`: wideband, a scale of its own. */
    model: 'G.107' | 'G.107.1';
  }

  export interface StreamRow {
    id: string;
    ssrc: string;
    src: string;
    dst: string;
    payloadTypes: number[];
    codec: string | null;
    /** Nothing says what the payload type means: its packets are, one by one, what this codec's would be. */
    codecGuessed?: true;
    clockRate: number | null;
    channels: number | null;
    packets: number;
    /** Octets of payload. */
    bytes: number;
    expected: number;
    lost: number;
    lostPercent: number;
    duplicates: number;
    outOfOrder: number;
    jitterMs: {
      mean: number | null;
      max: number | null;
    };
    maxDeltaMs: number;
    skewMs: number;
    wireshark: {
      lost: number;
      maxDeltaMs: number;
      meanJitterMs: number;
      maxJitterMs: number;
    };
    startTime: number;
    durationSeconds: number;
    /** `udp`: on the wire itself; of nested tunnels the innermost; where a plugin took the packets out of its own, its id. */
    carriedIn:
      | 'udp'
      | 'turn-channel'
      | 'turn-indication'
      | 'ice-tcp'
      | 'hep'
      | 'udp-encap'
      | TunnelName
      | (string & Record<never, never>);
    /** The stream with the same addresses on the wire, where this one is carried and both are in the capture; and the reverse. */
    sameAs: string | null;
    setupPacket: number | null;
    call: string | null;
    direction: 'caller-to-callee' | 'callee-to-caller' | null;
    /** The call that set it up; only where that is one of Verto, which is not among the calls. */
    verto?: VertoCallRow;
    encryption: StreamEncryption | null;
    mos: StreamMos | null;
    digits: string | null;
    /** How it was recognised. */
    recognisedBy: 'signalling' | 'decode-as' | 'consistency';
    /** Every packet is in the capture twice. */
    capturedTwice: boolean;
  }

  /** A packet inside payloads behind a header that nobody knows, one way, which its packets gave away by themselves. */
  interface EncapsulationRow {
    /** Ends of the flow that carries it. */
    src: string;
    dst: string;
    /** Octets before it. */
    skip: number;
    /** A whole IP packet, a UDP header with what follows, RTP, or what a signature tells. */
    as: 'ip' | 'udp' | 'rtp' | 'payload';
    /** Packets that were taken out. */
    packets: number;
    /** Packets that were looked at, and those of them that agreed. */
    sampled: number;
    agreed: number;
    /** What is skipped of the first packets, in hexadecimal. */
    headerSample: string;
    /** What agreed, in a sentence. */
    evidence: string;
    /** The Decode As rule that says the same. */
    rule: string;
  }

  type None = Record<string, never>;

  /** `missing`: it was asked and not answered. `not-tried`: nobody asked. */
  type StepOutcome = 'ok' | 'failed' | 'missing' | 'not-tried';

  /** One thing that was asked, and what came of it. */
  interface StepPart {
    outcome: StepOutcome;
    /** Error code of the answer. */
    code: number | null;
    /** What happened, without a full stop: `401 again, same nonce: user name or password is wrong`. */
    text: string;
    roundTripMs: number | null;
    packets: number[];
  }

  interface TurnStep extends StepPart {
    step: 'reachability' | 'allocate' | 'permission' | 'connectivity-check' | 'channel-bind' | 'media';
    /** Where it took several: `without credentials`, `with credentials`; a permission or channel for each peer. */
    parts: (StepPart & {
      name: string;
    })[];
  }

  /** How a session or allocation ended up, for its glyph. `incomplete`: the capture does not show enough to say. */
  type IceOutcome = 'ok' | 'failed' | 'warning' | 'incomplete';

  interface IceVerdict {
    outcome: IceOutcome;
    /** Under eight words: `Allocate: credentials rejected`. */
    verdict: string;
    /** One to three sentences: what happened, cause before effect. */
    explanation: string;
    /** What to do next, a sentence; null where nothing is wrong. */
    advice: string | null;
    /** The packets that prove it. */
    evidence: number[];
  }

  interface TurnAllocationRow extends IceVerdict {
    kind: 'turn-allocation';
    /** `t1`, in order of the first packet. */
    id: string;
    number: number;
    /** `ip:port` of the client as captured, and of the server. */
    client: string;
    server: string;
    transport: 'udp' | 'tcp' | 'tls';
    username: string | null;
    realm: string | null;
    software: string | null;
    mappedAddress: string | null;
    relayedAddress: string | null;
    startTime: number;
    endTime: number;
    /** Granted, of the newest answer. */
    lifetimeSeconds: number | null;
    refreshes: number;
    endedBy: 'released' | 'expired' | 'connection' | null;
    /** In the order of the steps of the contract. */
    steps: TurnStep[];
    peers: {
      peer: string;
      /** `0x4001`; null where none is bound. */
      channel: string | null;
      permittedTime: number | null;
      /** When the permission ended for want of a refresh; null where it did not. */
      expiredTime: number | null;
      packetsSent: number;
      bytesSent: number;
      packetsReceived: number;
      bytesReceived: number;
    }[];
    packetCount: number;
    /** ICE session that used it. */
    session: string | null;
  }

  type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

  interface IceCandidateRow {
    side: 'local' | 'remote';
    type: CandidateType;
    /** `ip:port`, or what the SDP has where it is a name (mDNS). */
    address: string;
    transport: 'udp' | 'tcp';
    component: number;
    priority: number | null;
    foundation: string | null;
    /** Base or mapped address that it is related to. */
    related: string | null;
    /** How it is known. */
    from: 'sdp' | 'trickle' | 'check' | 'turn';
    packet: number | null;
  }

  interface IcePairRow {
    local: string;
    remote: string;
    localType: CandidateType | null;
    remoteType: CandidateType | null;
    transport: 'udp' | 'tcp';
    component: number;
    state: 'waiting' | 'in-progress' | 'succeeded' | 'failed';
    nominated: boolean;
    /** Both sides' checks together; consent checks (RFC 7675) count too. */
    requests: number;
    responses: number;
    errors: number;
    /** Of the fastest check that was answered. */
    roundTripMs: number | null;
    /** Why it failed or waits, without a full stop; null where it succeeded. */
    why: string | null;
    firstTime: number | null;
    lastTime: number | null;
    /** Its first packets, up to 20. */
    packets: number[];
    packetCount: number;
  }

  /** A change of state, derived from packets. */
  interface IceStateChange {
    time: number;
    /** `ice 0`, `dtls 0` (a transport each), `iceConnectionState`, `connectionState` (W3C webrtc-pc, the aggregates). */
    transport: string;
    from: string;
    to: string;
    /** The packet that shows it, null where its absence does. */
    packet: number | null;
    /** `second 401`, `no ClientHello seen`, `consent lost`; '' where the states say it all. */
    why: string;
  }

  interface IceSessionRow extends IceVerdict {
    kind: 'ice-session';
    /** `i1`, in order of the first packet. */
    id: string;
    number: number;
    call: string | null;
    /** Local is the side that offered, or where that is not known the side of the first check's sender. */
    local: {
      ufrag: string | null;
      address: string | null;
      isLite: boolean;
    };
    remote: {
      ufrag: string | null;
      address: string | null;
      isLite: boolean;
    };
    roles: {
      local: 'controlling' | 'controlled' | null;
      remote: 'controlling' | 'controlled' | null;
    };
    candidates: IceCandidateRow[];
    pairs: IcePairRow[];
    /** The nominated pair that both sides use in the end. */
    selected: {
      local: string;
      remote: string;
      localType: CandidateType | null;
      remoteType: CandidateType | null;
      packet: number;
    } | null;
    /** Seconds from the first check to the selected pair. */
    connectedAfterSeconds: number | null;
    /** Where media really went: ids of streams, and whether that is the selected pair's way. */
    media: {
      local: string;
      remote: string;
      streams: string[];
      isSelectedPair: boolean;
    }[];
    /** In order of time. */
    states: IceStateChange[];
    /** New ufrags within the session (RFC 8445 section 9). */
    restarts: {
      time: number;
      localUfrag: string | null;
      remoteUfrag: string | null;
      packet: number;
    }[];
    /** Times of checks sent, at most 500 evenly chosen: for the timeline. */
    checkTimes: number[];
    startTime: number;
    endTime: number;
    packetCount: number;
    /** Ids of the allocations it used. */
    allocations: string[];
  }

  export type IceRow = TurnAllocationRow | IceSessionRow;

  export {};
}
