import type { IceTransportState } from '../../../shared/ice.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import type { Generation, IcePair } from './ice-pair.ts';
import { CONSENT_SECONDS, GIVE_UP_SECONDS, LOST_CHECKS, LOST_SECONDS } from './ice-timing.ts';

/** A change of state, as a machine finds it. `frame` is −1 where the absence of packets shows it; times count from the epoch. */
export interface Change<State> {
  readonly time: number;
  readonly frame: number;
  readonly from: State;
  readonly to: State;
  readonly why: string;
}

/**
 * The state of one ICE transport (W3C webrtc-pc section 5.6) as the packets show it to the agent that is followed: its
 * checks, and the answers that reach it. Rows come in order.
 */
export class IceMachine {
  state: IceTransportState = 'new';
  readonly changes: Change<IceTransportState>[] = [];
  /** Frame of the last answer before consent was lost; −1 where it never was. */
  lostFrame = -1;
  hasReconnected = false;
  private readonly store: CaptureStore;
  private readonly most: number;
  private generation: Generation | null = null;
  private newestPair: IcePair | null = null;
  /** When the newest pair was checked first: it gets its time too. */
  private newestPairTime = 0;
  /** The pair in use. */
  private current: IcePair | null = null;
  private lastAnswerTime = 0;
  private lastAnswerFrame = -1;
  /** Checks of the pair in use without answer, and when the first of them, and the one that is too many, was sent. */
  private unanswered = 0;
  private unansweredSince = 0;
  private tooManyTime = 0;
  private isClosed = false;
  /** Frame of a close_notify, −1 for none: nothing after it counts. */
  private readonly closeFrame: number;

  constructor(store: CaptureStore, most: number, closeFrame: number) {
    this.store = store;
    this.most = most;
    this.closeFrame = closeFrame;
  }

  /** The followed agent sent a check. */
  request(pair: IcePair, frame: number): void {
    if (this.closesBefore(frame)) return;
    const time = this.store.frames.time(frame);
    this.advance(time);
    if (!pair.generation.isMixed && pair.generation !== this.generation) {
      if (this.generation !== null) this.restart(frame);
      this.generation = pair.generation;
    }
    if (
      this.newestPair !== pair &&
      (this.state === 'new' || this.state === 'checking') &&
      pair.firstRequest.includes(frame)
    ) {
      this.newestPair = pair;
      this.newestPairTime = time;
    }
    if (this.state === 'new') this.change('checking', frame, '');
    if (pair !== this.current) return;
    if (this.unanswered++ === 0) this.unansweredSince = time;
    if (this.unanswered === LOST_CHECKS) this.tooManyTime = time;
  }

  /** A check of the other side was seen, and nothing of the followed agent yet. */
  otherRequest(frame: number): void {
    if (this.state === 'new') this.change('checking', frame, '');
  }

  /** A check of the followed agent was answered. */
  success(pair: IcePair, frame: number, isNominated: boolean): void {
    if (this.closesBefore(frame)) return;
    this.advance(this.store.frames.time(frame));
    const isUp = this.state === 'connected' || this.state === 'completed';
    if (this.current === null || pair === this.current || isNominated || !isUp) {
      this.current = pair;
      this.unanswered = 0;
      this.lastAnswerTime = this.store.frames.time(frame);
      this.lastAnswerFrame = frame;
    }
    if (isUp) return;
    if (this.state === 'disconnected' || this.state === 'failed') this.hasReconnected = this.lostFrame >= 0;
    this.change('connected', frame, this.state === 'disconnected' ? 'answered again' : '');
  }

  /** Nothing more comes: what happened until the capture's end. */
  finish(endFrame: number): void {
    if (this.closesBefore(endFrame + 1)) return;
    this.advance(this.store.frames.time(endFrame));
  }

  /** Lets time pass: what should have come by then and did not. */
  advance(time: number): void {
    if (this.isClosed) return;
    if (this.state === 'checking' && this.newestPair !== null && time - this.newestPairTime > GIVE_UP_SECONDS) {
      this.changeAt('failed', this.newestPairTime + GIVE_UP_SECONDS, `no answer for ${GIVE_UP_SECONDS} s`);
    }
    if (this.state === 'connected' || this.state === 'completed') {
      const lost = Math.max(this.unansweredSince + LOST_SECONDS, this.tooManyTime);
      if (this.unanswered >= LOST_CHECKS && time > lost) {
        this.lostFrame = this.lastAnswerFrame;
        this.changeAt('disconnected', lost, `${LOST_CHECKS} checks unanswered for ${LOST_SECONDS} s`);
      }
    }
    if (this.state === 'disconnected') {
      const failed = Math.min(this.unansweredSince + GIVE_UP_SECONDS, this.lastAnswerTime + CONSENT_SECONDS);
      if (time > failed) this.changeAt('failed', failed, 'consent lost');
    }
  }

  private closesBefore(frame: number): boolean {
    if (this.isClosed || this.closeFrame < 0 || frame <= this.closeFrame) return this.isClosed;
    this.advance(this.store.frames.time(this.closeFrame));
    this.change('closed', this.closeFrame, 'close_notify');
    this.isClosed = true;
    return true;
  }

  /** New ufrags (W3C webrtc-pc section 5.6.4): what is connected stays so. */
  private restart(frame: number): void {
    this.newestPair = null;
    if (this.state === 'disconnected' || this.state === 'failed') this.change('checking', frame, 'ICE restart');
    else if (this.state === 'completed') this.change('connected', frame, 'ICE restart');
  }

  private change(to: IceTransportState, frame: number, why: string): void {
    this.push({ time: this.store.frames.time(frame), frame, from: this.state, to, why });
  }

  private changeAt(to: IceTransportState, time: number, why: string): void {
    this.push({ time, frame: -1, from: this.state, to, why });
  }

  private push(change: Change<IceTransportState>): void {
    if (change.from === change.to) return;
    this.state = change.to;
    if (this.changes.length < this.most) this.changes.push(change);
  }
}
