import { type CaptureWriter, type Path, pathBetween } from './capture-writer.ts';
import type { EventQueue, Source } from './event-queue.ts';
import type { Random } from './random.ts';
import { type CallParties, type Role, request, response } from './sip-messages.ts';

/** How a call goes: established calls are answered and ended by BYE. */
export type Outcome = 'established' | 'busy' | 'cancelled' | 'timedOut' | 'authenticated';

interface Step {
  readonly timeMicros: number;
  readonly sender: Role;
  readonly text: string;
}

const roundTripMicros = 20_000;
const timer1Micros = 500_000;

/** Sends the messages of one call's signalling, each at its time. */
export class CallSource implements Source {
  /** When the 200 to the INVITE was sent, or 0 where the call was not answered. */
  readonly answeredMicros: number;
  #writer: CaptureWriter;
  #queue: EventQueue;
  #forward: Path;
  #backward: Path;
  #steps: Step[];

  constructor(
    writer: CaptureWriter,
    queue: EventQueue,
    random: Random,
    parties: CallParties,
    outcome: Outcome,
    startMicros: number,
    talkMicros: number,
  ) {
    this.#writer = writer;
    this.#queue = queue;
    this.#forward = pathBetween(parties.caller, parties.callee);
    this.#backward = pathBetween(parties.callee, parties.caller);
    const script = new Script(random, parties, startMicros);
    this.answeredMicros = script.play(outcome, talkMicros);
    this.#steps = script.steps;
    queue.at(this.#steps[0].timeMicros, this, 0);
  }

  fire(timeMicros: number, code: number): void {
    const { sender, text } = this.#steps[code];
    this.#writer.writeText(sender === 'caller' ? this.#forward : this.#backward, timeMicros, text);
    const next = code + 1;
    if (next < this.#steps.length) this.#queue.at(this.#steps[next].timeMicros, this, next);
  }
}

/** Writes down who says what when (RFC 3261 sections 9, 13, 15 and 17). */
class Script {
  readonly steps: Step[] = [];
  #random: Random;
  #parties: CallParties;
  #now: number;

  constructor(random: Random, parties: CallParties, startMicros: number) {
    this.#random = random;
    this.#parties = parties;
    this.#now = startMicros;
  }

  /** Returns the time of the answer, 0 for none. */
  play(outcome: Outcome, talkMicros: number): number {
    let cseq = this.#random.between(1, 30_000);
    if (outcome === 'authenticated') {
      this.#refuse(cseq, 'a', '407 Proxy Authentication Required', challenge(this.#parties));
      this.#wait(30_000);
      cseq++;
      this.#ask('INVITE', cseq, 'b', { sdp: true, extra: credentials(this.#parties, this.#random) });
      return this.#talk(cseq, 'b', talkMicros);
    }
    if (outcome === 'busy') {
      this.#refuse(cseq, 'a', '486 Busy Here', '');
      return 0;
    }
    if (outcome === 'timedOut') {
      this.#unanswered(cseq);
      return 0;
    }
    this.#ask('INVITE', cseq, 'a', { sdp: true });
    if (outcome === 'cancelled') {
      this.#cancel(cseq);
      return 0;
    }
    return this.#talk(cseq, 'a', talkMicros);
  }

  /** From the INVITE just sent to the end of the call. */
  #talk(cseq: number, transaction: string, talkMicros: number): number {
    this.#ring(cseq, transaction);
    this.#wait(this.#random.between(1_000_000, 5_000_000));
    this.#answer('caller', '200 OK', 'INVITE', cseq, transaction, { sdp: true });
    const answered = this.#now;
    this.#wait(roundTripMicros);
    this.#ask('ACK', cseq, 'k', { toTag: true });
    this.#now = answered + talkMicros;
    const ender: Role = this.#random.chance(0.3) ? 'callee' : 'caller';
    const byeCseq = ender === 'caller' ? cseq + 1 : 1;
    this.#say(ender, request(this.#parties, ender, 'BYE', byeCseq, 'e', { toTag: true }));
    this.#wait(roundTripMicros);
    this.#answer(ender, '200 OK', 'BYE', byeCseq, 'e');
    return answered;
  }

  #ring(cseq: number, transaction: string): void {
    this.#wait(roundTripMicros);
    this.#answer('caller', '100 Trying', 'INVITE', cseq, transaction);
    this.#wait(this.#random.between(60_000, 300_000));
    this.#answer('caller', '180 Ringing', 'INVITE', cseq, transaction);
  }

  #refuse(cseq: number, transaction: string, status: string, extra: string): void {
    this.#ask('INVITE', cseq, transaction, { sdp: true });
    this.#wait(roundTripMicros);
    this.#answer('caller', '100 Trying', 'INVITE', cseq, transaction);
    this.#wait(60_000);
    this.#answer('caller', status, 'INVITE', cseq, transaction, { extra });
    this.#wait(roundTripMicros);
    this.#say('caller', acknowledgeRefusal(this.#parties, cseq, transaction));
  }

  #cancel(cseq: number): void {
    this.#ring(cseq, 'a');
    this.#wait(this.#random.between(2_000_000, 9_000_000));
    this.#ask('CANCEL', cseq, 'a');
    this.#wait(roundTripMicros);
    this.#answer('caller', '200 OK', 'CANCEL', cseq, 'a');
    this.#wait(500);
    this.#answer('caller', '487 Request Terminated', 'INVITE', cseq, 'a');
    this.#wait(roundTripMicros);
    this.#say('caller', acknowledgeRefusal(this.#parties, cseq, 'a'));
  }

  /** Timer A doubles from T1 until timer B, 64 · T1 (RFC 3261 section 17.1.1.2): seven INVITEs. */
  #unanswered(cseq: number): void {
    for (let wait = timer1Micros, sent = 0; sent < 7; sent++, wait *= 2) {
      this.#ask('INVITE', cseq, 'a', { sdp: true });
      this.#wait(wait);
    }
  }

  #ask(
    method: string,
    cseq: number,
    transaction: string,
    options?: { toTag?: boolean; sdp?: boolean; extra?: string },
  ): void {
    this.#say('caller', request(this.#parties, 'caller', method, cseq, transaction, options));
  }

  #answer(
    asker: Role,
    status: string,
    method: string,
    cseq: number,
    transaction: string,
    options?: { sdp?: boolean; extra?: string },
  ): void {
    const sender = asker === 'caller' ? 'callee' : 'caller';
    this.#say(sender, response(this.#parties, asker, status, method, cseq, transaction, options));
  }

  #say(sender: Role, text: string): void {
    this.steps.push({ timeMicros: this.#now, sender, text });
  }

  /** Real networks are never exact: up to 3 ms more than asked. */
  #wait(micros: number): void {
    this.#now += micros + this.#random.between(0, 3000);
  }
}

/** The ACK to a refusal belongs to the INVITE's transaction and keeps its request URI (RFC 3261 section 17.1.1.3). */
function acknowledgeRefusal(parties: CallParties, cseq: number, transaction: string): string {
  const withoutTag = request(parties, 'caller', 'ACK', cseq, transaction);
  return withoutTag.replace(
    /^(To: <[^>]*>)\r$/m,
    (_line: string, address: string) => `${address};tag=${parties.calleeTag}\r`,
  );
}

function challenge(parties: CallParties): string {
  return `Proxy-Authenticate: Digest realm="voice.example.com", nonce="${parties.branchSeed}", algorithm=MD5, qop="auth"\r\n`;
}

function credentials(parties: CallParties, random: Random): string {
  const digest = random.hex(8) + random.hex(8) + random.hex(8) + random.hex(8);
  return (
    `Proxy-Authorization: Digest username="${parties.callerUser}", realm="voice.example.com", nonce="${parties.branchSeed}", ` +
    `uri="sip:${parties.calleeUser}@voice.example.com", response="${digest}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${random.hex(8)}"\r\n`
  );
}
