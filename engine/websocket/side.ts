import type { FramePiece } from '../network/ip-issues.ts';
import { NOTHING } from './message-octets.ts';

/** What one end of a WebSocket connection is about to say, and what it may refer back to. */
export class Side {
  readonly subprotocol: string;
  readonly keepsContext: boolean;
  /** Of a message that is not whole yet: its frames and what they say so far. */
  pieces: FramePiece[] = [];
  payloads: Uint8Array[] = [];
  payloadBytes = 0;
  /** A message has begun. */
  isOpen = false;
  isCompressed = false;
  /** The frames up to the end of the message are left alone. */
  isSkipping = false;
  /** What compressed messages may refer to, and the id of the newest of them, 0 for none. */
  window: Uint8Array = NOTHING;
  previous = 0;
  /** Said since a window was kept. */
  sinceMessages = 0;
  sinceBytes = 0;

  constructor(subprotocol: string, keepsContext: boolean) {
    this.subprotocol = subprotocol;
    this.keepsContext = keepsContext;
  }

  /** Octets that this holds. */
  get heldBytes(): number {
    return this.payloadBytes + this.window.length;
  }

  begin(isCompressed: boolean): void {
    this.dropMessage();
    this.isOpen = true;
    this.isCompressed = isCompressed;
  }

  /** Forgets the message at hand. */
  dropMessage(): void {
    if (this.payloads.length > 0) {
      this.pieces = [];
      this.payloads = [];
    }
    this.payloadBytes = 0;
    this.isOpen = false;
    this.isSkipping = false;
  }

  /** What was said is not known any more: messages that refer to it cannot be read. */
  loseContext(): void {
    this.window = NOTHING;
    this.previous = 0;
    this.sinceMessages = 0;
    this.sinceBytes = 0;
  }
}
