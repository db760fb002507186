import { StunClass, type StunColumns, StunFlag } from '../../../dissectors/stun/columns.ts';
import type { LayerTable } from '../../store/layer-table.ts';

/** Frames of one request that are remembered. */
const MOST_REQUEST_FRAMES = 10;
/** A request with a known transaction ID this long after the last is no retransmission (RFC 8489 section 6.2.1: 39.5 s). */
const LONGEST_TRANSACTION_SECONDS = 40;
/** Transactions of one capture, and of one slot of the table: a hostile capture must not fill memory or time. */
const MAX_TRANSACTIONS = 300_000;
const MAX_CHAIN = 64;

/** A request with its retransmissions, and what was answered. Frames are 0-based, -1 for none. */
export class TurnTransaction {
  readonly method: number;
  /** Index of the link it runs on. */
  readonly link: number;
  /** Row of the first request; -1 where only the answer was captured. */
  requestRow = -1;
  requestCount = 0;
  /** The first ones. */
  readonly requestFrames: number[] = [];
  /** Last request before the answer. */
  lastRequestFrame = -1;
  answerRow = -1;
  answerFrame = -1;
  /** Sent again after the answer was captured, and the last of these: the answer did not arrive. */
  repeats = 0;
  lastRepeatFrame = -1;
  isSuccess = false;
  /** Error code of the answer, 0 for none. */
  code = 0;
  isAuthenticated = false;
  /** Flow and frame of an answer that came from an address that was not asked. */
  strayFlow = 0;
  strayFrame = -1;
  next: TurnTransaction | null = null;

  constructor(method: number, link: number) {
    this.method = method;
    this.link = link;
  }

  get isAnswered(): boolean {
    return this.answerRow >= 0;
  }

  get firstFrame(): number {
    return this.requestFrames[0] ?? this.answerFrame;
  }

  takeRequest(layer: LayerTable<StunColumns>, row: number): void {
    const frame = layer.frame.get(row);
    if (this.requestRow < 0) {
      this.requestRow = row;
      const flags = layer.rows.columns.flags.get(row);
      this.isAuthenticated = (flags & (StunFlag.Integrity | StunFlag.IntegritySha256)) !== 0;
    }
    this.requestCount++;
    if (this.requestFrames.length < MOST_REQUEST_FRAMES) this.requestFrames.push(frame);
    if (!this.isAnswered) {
      this.lastRequestFrame = frame;
    } else {
      this.repeats++;
      this.lastRepeatFrame = frame;
    }
  }

  takeAnswer(layer: LayerTable<StunColumns>, row: number): void {
    if (this.isAnswered) return;
    this.answerRow = row;
    this.answerFrame = layer.frame.get(row);
    this.isSuccess = layer.rows.columns.class.get(row) === StunClass.Success;
    this.code = layer.rows.columns.errorCode.get(row);
  }
}

/** Transactions by the ID of their messages. */
export class TurnTransactions {
  private readonly layer: LayerTable<StunColumns>;
  private readonly secondsBetween: (from: number, to: number) => number;
  private readonly newest = new Map<number, TurnTransaction>();
  private count = 0;

  constructor(layer: LayerTable<StunColumns>, secondsBetween: (from: number, to: number) => number) {
    this.layer = layer;
    this.secondsBetween = secondsBetween;
  }

  /** The transaction a request belongs to, told of it; null where there are too many. */
  request(row: number, method: number, link: number): TurnTransaction | null {
    const known = this.find(row, method, link);
    const frame = this.layer.frame.get(row);
    if (known !== null && known.lastRequestFrame >= 0) {
      const age = this.secondsBetween(known.lastRequestFrame, frame);
      if (age < LONGEST_TRANSACTION_SECONDS) {
        known.takeRequest(this.layer, row);
        return known;
      }
    }
    const added = this.add(row, method, link);
    added?.takeRequest(this.layer, row);
    return added;
  }

  /** The transaction an answer on its own link belongs to, told of it: a new one where the request was not captured. */
  answer(row: number, method: number, link: number): TurnTransaction | null {
    const transaction = this.find(row, method, link) ?? this.add(row, method, link);
    transaction?.takeAnswer(this.layer, row);
    return transaction;
  }

  /** The newest transaction with the ID of `row`, of any link for which `fits` holds. */
  find(row: number, method: number, link: number): TurnTransaction | null {
    return this.findWhere(row, method, (candidate) => candidate === link);
  }

  findWhere(row: number, method: number, fits: (link: number) => boolean): TurnTransaction | null {
    let transaction = this.newest.get(this.keyOf(row)) ?? null;
    for (let i = 0; transaction !== null && i < MAX_CHAIN; i++, transaction = transaction.next) {
      if (transaction.method === method && fits(transaction.link) && this.isSame(transaction, row)) return transaction;
    }
    return null;
  }

  private add(row: number, method: number, link: number): TurnTransaction | null {
    if (this.count >= MAX_TRANSACTIONS) return null;
    this.count++;
    const transaction = new TurnTransaction(method, link);
    const key = this.keyOf(row);
    transaction.next = this.newest.get(key) ?? null;
    this.newest.set(key, transaction);
    return transaction;
  }

  private isSame({ requestRow, answerRow }: TurnTransaction, row: number): boolean {
    const c = this.layer.rows.columns;
    const other = requestRow < 0 ? answerRow : requestRow;
    return (
      c.transaction0.get(other) === c.transaction0.get(row) &&
      c.transaction1.get(other) === c.transaction1.get(row) &&
      c.transaction2.get(other) === c.transaction2.get(row)
    );
  }

  private keyOf(row: number): number {
    return this.layer.rows.columns.transaction2.get(row);
  }
}
