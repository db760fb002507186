import { U32Column } from '../../../base/columns.ts';
import { StunFlag, stunColumns } from '../../../dissectors/stun/columns.ts';
import type { Capture } from '../../capture.ts';
import type { Turns } from '../../filter/turns.ts';
import { checkedAgainst } from './announced-certificate.ts';
import { Discovered, findCandidates } from './candidates.ts';
import type { IceDescription } from './descriptions.ts';
import type { DtlsOutcome } from './dtls-outcome.ts';
import type { DtlsSent } from './dtls-sent.ts';
import { isFromMiddle } from './from-middle.ts';
import { groupSessions } from './group-sessions.ts';
import { IceMachine } from './ice-machine.ts';
import type { Generation, IcePair } from './ice-pair.ts';
import type { IceSession } from './ice-session.ts';
import { MOST_STATES_OF_SESSION } from './ice-timing.ts';
import { CheckEvent, type CheckReader, EVENT_SIDE } from './read-checks.ts';
import { Sampler } from './sampler.ts';
import { writeStates } from './session-states.ts';
import { assignTransports, closeFrameOf, connectionsOf, followedSide, takeRoles } from './transports.ts';
import { findWaiting } from './waiting-pairs.ts';
import { worksFor } from './works.ts';

/** Rows between two looks at the clock. */
const ROWS_TOGETHER = 4096;

/** Puts the sessions together. */
export class SessionBuilder {
  readonly sessions: IceSession[];
  readonly sessionOfRow = new U32Column();
  private readonly capture: Capture;
  private readonly reader: CheckReader;
  private readonly handshakes: DtlsOutcome[];
  private readonly sent: ReadonlyMap<number, DtlsSent>;
  private readonly sessionOfGeneration = new Map<Generation, IceSession>();

  constructor(
    capture: Capture,
    reader: CheckReader,
    descriptions: readonly IceDescription[],
    handshakes: DtlsOutcome[],
    sent: ReadonlyMap<number, DtlsSent>,
  ) {
    this.sent = sent;
    this.capture = capture;
    this.reader = reader;
    this.handshakes = handshakes;
    const { flows } = capture.store;
    this.sessions = groupSessions(reader.generations, descriptions, capture.calls, (flow) =>
      flows.sourceEndpoint(flow),
    );
    for (const session of this.sessions) {
      for (const generation of session.generations) this.sessionOfGeneration.set(generation, session);
    }
  }

  async run(turns: Turns): Promise<void> {
    const { store } = this.capture;
    const discovered = new Discovered(store, this.reader.discoveries);
    const sessionsOfLeg = this.assignPairs();
    for (const session of this.sessions) {
      assignTransports(store, session);
      findCandidates(store, session, discovered);
      takeRoles(session);
      findWaiting(store, session);
      await turns.wait();
    }
    this.attachHandshakes(sessionsOfLeg);
    const machines = this.sessions.map((session) =>
      session.transports.map((t) => new IceMachine(store, MOST_STATES_OF_SESSION, closeFrameOf(t))),
    );
    await this.goThroughRows(machines, turns);
    this.attachStreams(sessionsOfLeg);
    for (const [i, session] of this.sessions.entries()) {
      for (const machine of machines[i]) {
        machine.finish(store.frames.latest);
        if (machine.lostFrame >= 0) session.consentLostFrame = machine.lostFrame;
        session.hasReconnected ||= machine.hasReconnected;
      }
      session.isFromMiddle = isFromMiddle(this.capture, session, this.sent);
      await turns.wait();
    }
    for (const connection of connectionsOf(this.sessions)) {
      writeStates(
        store,
        connection.map((session) => ({ session, machines: machines[session.index] })),
      );
      await turns.wait();
    }
  }

  /** Gives sessions their pairs, and legs the sessions that use them, in order. */
  private assignPairs(): Map<object, { session: IceSession; pair: IcePair }[]> {
    const { flows } = this.capture.store;
    const byLeg = new Map<object, { session: IceSession; pair: IcePair }[]>();
    for (const session of this.sessions) {
      for (const generation of session.generations) {
        if (!generation.isMixed && generation !== session.first) {
          session.restarts.push({ generation, frame: generation.firstFrame });
        }
        for (const pair of generation.pairs) {
          session.pairs.push(pair);
          for (const flow of [...pair.firstFlow, ...pair.lastFlow]) {
            const carrier = flow === 0 ? null : flows.carrier(flow);
            if (carrier !== null && carrier.flow !== 0) session.carrierFlows.add(carrier.flow);
          }
          for (const leg of pair.legs) {
            session.legs.set(leg, pair);
            const known = byLeg.get(leg);
            if (known === undefined) byLeg.set(leg, [{ session, pair }]);
            else known.push({ session, pair });
          }
        }
      }
    }
    return byLeg;
  }

  private attachHandshakes(byLeg: ReadonlyMap<object, readonly { session: IceSession; pair: IcePair }[]>): void {
    for (const [i, outcome] of this.handshakes.entries()) {
      // Of sessions that followed each other on a leg, the one under way.
      const users = byLeg.get(outcome.leg);
      const user =
        users?.findLast(({ session }) => session.first.firstFrame <= outcome.session.firstFrame) ?? users?.at(0);
      if (user === undefined) continue;
      const checked = checkedAgainst(this.capture, user.session, user.pair, outcome);
      this.handshakes[i] = checked;
      user.session.transports[user.pair.transport].dtls.push(checked);
    }
  }

  private attachStreams(byLeg: ReadonlyMap<object, readonly { session: IceSession; pair: IcePair }[]>): void {
    const ofCall = new Map<number, IceSession[]>();
    for (const session of this.sessions) {
      if (session.call < 0) continue;
      const list = ofCall.get(session.call);
      if (list === undefined) ofCall.set(session.call, [session]);
      else list.push(session);
    }
    for (const stream of this.capture.streams.streams) {
      const leg = this.reader.legs.of(stream.flow);
      const users = leg === null ? undefined : byLeg.get(leg);
      const user = users?.findLast(({ session }) => session.first.firstFrame <= stream.lastFrame) ?? users?.at(0);
      if (user !== undefined) user.session.streams.push(stream.index);
      else if (stream.call >= 0) {
        const sessions = ofCall.get(stream.call);
        // Which of several sessions it should have used nobody can say.
        if (sessions?.length === 1) sessions[0].streams.push(stream.index);
      }
    }
  }

  /** Runs the transports' states, and counts what the sessions have. */
  private async goThroughRows(machines: readonly (readonly IceMachine[])[], turns: Turns): Promise<void> {
    const { reader } = this;
    const stun = this.capture.store.layer('stun', stunColumns);
    if (stun === null) return;
    const { flags } = stun.rows.columns;
    const samplers = this.sessions.map(() => new Sampler());
    const followed = this.sessions.map((session) => session.transports.map(followedSide));
    for (let row = 0; row < stun.count; row++) {
      if (row % ROWS_TOGETHER === 0) await turns.wait();
      const pair = reader.pairOf(row);
      const session = pair === null ? undefined : this.sessionOfGeneration.get(pair.generation);
      if (pair === null || session === undefined) continue;
      this.sessionOfRow.set(row, session.index + 1);
      const frame = stun.frame.get(row);
      if (session.firstFrame < 0) session.firstFrame = frame;
      if (session.lastFrame !== frame) session.packetCount++;
      session.lastFrame = frame;
      const code = reader.eventOfRow.get(row);
      const event = code % EVENT_SIDE;
      const side = (code >= EVENT_SIDE ? 1 : 0) ^ pair.generation.flip;
      const machine = machines[session.index][pair.transport];
      const isFollowed = side === followed[session.index][pair.transport];
      if (event === CheckEvent.Request || event === CheckEvent.Retransmission) {
        samplers[session.index].take(frame);
        if (isFollowed) machine.request(pair, frame);
        else machine.otherRequest(frame);
      } else if (event === CheckEvent.Success && isFollowed && worksFor(pair, side === 0 ? 0 : 1)) {
        machine.success(
          pair,
          frame,
          (flags.get(row) & StunFlag.UseCandidate) !== 0 || pair.lastNominatedFrame === frame,
        );
      }
    }
    for (const session of this.sessions) {
      const times = samplers[session.index].frames.map((frame) => this.capture.store.frames.time(frame));
      session.checkTimes = times;
    }
  }
}
