import { U32Column } from '../../../base/columns.ts';
import { StunFlag, stunColumns } from '../../../dissectors/stun/columns.ts';
import type { Capture } from '../../capture.ts';
import { Turns } from '../../filter/turns.ts';
import { candidateOf, Discovered, endsOfPair, findCandidates } from './candidates.ts';
import { type IceDescription, readDescriptions } from './descriptions.ts';
import { type DtlsOutcome, dtlsOutcomes } from './dtls-outcome.ts';
import { groupSessions } from './group-sessions.ts';
import { IceMachine } from './ice-machine.ts';
import { Generation, type IcePair, type SideIndex } from './ice-pair.ts';
import type { IceSession, IceTransport } from './ice-session.ts';
import { MOST_CHECK_TIMES, MOST_STATES_OF_SESSION, MOST_WAITING_PAIRS } from './ice-timing.ts';
import { iceVerdict } from './ice-verdict.ts';
import { checkIntegrity } from '../../stun-integrity/check-integrity.ts';
import { isFromMiddle } from './from-middle.ts';
import { CheckEvent, CheckReader, EVENT_SIDE } from './read-checks.ts';
import { writeStates } from './session-states.ts';
import { worksFor } from './works.ts';

/** Sessions whose states are told together. */
const MOST_TOGETHER = 32;
/** Both sides of a pair that works send about as many checks. */
const MUCH_MORE = 1.5;
/** Rows between two looks at the clock. */
const ROWS_TOGETHER = 4096;

/** Finds the ICE sessions of a capture (RFC 8445), once it was read: pairs, states, and what went wrong first. */
export class IceTracker {
  /** In order of their first packet. */
  sessions: readonly IceSession[] = [];
  /** Session (index + 1) of each STUN row; 0 for none. */
  sessionOfRow = new U32Column();
  /** All DTLS handshakes, those of no session too. */
  handshakes: readonly DtlsOutcome[] = [];

  /** Reads the capture's STUN rows, and back from the file the messages that describe candidates. Rejects with an AbortError when cancelled. */
  async finish(capture: Capture, signal?: AbortSignal): Promise<void> {
    const stun = capture.store.layer('stun', stunColumns);
    if (stun === null) return;
    const reader = new CheckReader(capture.store, stun);
    const turns = new Turns(signal);
    for (let row = 0; row < stun.count; row++) {
      reader.take(row);
      if (row % ROWS_TOGETHER === 0) await turns.wait();
    }
    const descriptions = await readDescriptions(capture, signal);
    const handshakes = dtlsOutcomes(capture, reader.legs);
    const build = new SessionBuilder(capture, reader, descriptions, handshakes);
    await build.run(turns);
    await checkIntegrity(capture, build.sessions, (row) => reader.pairOf(row), signal);
    for (const session of build.sessions) session.conclusion = iceVerdict(capture, session);
    this.handshakes = handshakes;
    this.sessions = build.sessions;
    this.sessionOfRow = build.sessionOfRow;
  }
}

/** Puts the sessions together. */
class SessionBuilder {
  readonly sessions: IceSession[];
  readonly sessionOfRow = new U32Column();
  private readonly capture: Capture;
  private readonly reader: CheckReader;
  private readonly handshakes: DtlsOutcome[];
  private readonly sessionOfGeneration = new Map<Generation, IceSession>();

  constructor(
    capture: Capture,
    reader: CheckReader,
    descriptions: readonly IceDescription[],
    handshakes: DtlsOutcome[],
  ) {
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
      this.assignTransports(session);
      findCandidates(store, session, discovered);
      takeRoles(session);
      this.findWaiting(session);
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
      session.isFromMiddle = isFromMiddle(this.capture, session);
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

  /** Which component of which section a pair is of: by its candidates, else by what PRIORITY says (RFC 8445 section 5.1.2.1). */
  private assignTransports(session: IceSession): void {
    const announced = new Map<string, { section: number; component: number }>();
    for (const { candidates, section } of session.descriptions) {
      for (const { address, port, component } of candidates) {
        const key = `${address}:${port}`;
        if (!announced.has(key)) announced.set(key, { section, component });
      }
    }
    for (const pair of session.pairs) {
      const place = endsOfPair(this.capture.store, pair)
        .map((end) => announced.get(end.replace(/[[\]]/g, '')))
        .find((known) => known !== undefined);
      const priority = Math.max(...pair.priority);
      const component = place?.component ?? (priority >= 0 ? 256 - (priority % 256) : 1);
      pair.component = component >= 1 && component <= 2 ? component : 1;
      const section = place?.section ?? session.transports.at(0)?.section ?? 0;
      pair.transport = transportFor(session, section, pair.component).index;
      session.transports[pair.transport].pairs.push(pair);
    }
    if (session.transports.length === 0) transportFor(session, 0, 1);
    for (const transport of session.transports) {
      for (const generation of session.generations) {
        const selected = selectedOf(transport, generation);
        if (selected === null) continue;
        session.selectedPairs.add(selected);
        // The newest counts in the end; until it has one, what was selected before stays (RFC 8445 section 9).
        transport.selected = selected;
      }
    }
  }

  /** Pairs of announced candidates that nobody checked. */
  private findWaiting(session: IceSession): void {
    const { store } = this.capture;
    const checked = new Set(session.pairs.map((pair) => endsOfPair(store, pair).join(' ')));
    const usable = (side: SideIndex) =>
      session.candidates.filter(
        (c) => c.side === side && (c.from === 'sdp' || c.from === 'trickle') && !/:9$|\.local:/.test(c.address),
      );
    // A server reflexive candidate is checked from its base (RFC 8445 section 6.1.2.4).
    const locals = usable(0).filter(({ type }) => type === 'host' || type === 'relay');
    const remotes = usable(1);
    for (const local of locals) {
      for (const remote of remotes) {
        const fits =
          local.component === remote.component &&
          local.transport === remote.transport &&
          local.section === remote.section &&
          local.generation === remote.generation &&
          local.address.startsWith('[') === remote.address.startsWith('[');
        if (!fits || checked.has(`${local.address} ${remote.address}`)) continue;
        if (session.waiting.length >= MOST_WAITING_PAIRS) return;
        session.waiting.push({ local, remote });
      }
    }
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

/**
 * The side whose checks tell: the local one, unless the capture has a good deal more of the other's. It may be lite, or the
 * capture stand where some of what it sends does not come by.
 */
function followedSide({ pairs }: IceTransport): SideIndex {
  const [local, remote] = ([0, 1] as const).map((side) => pairs.reduce((sum, pair) => sum + pair.requests[side], 0));
  return remote > local * MUCH_MORE ? 1 : 0;
}

/**
 * Sessions that make one RTCPeerConnection: those of the sections of a call. Two of one section are answers of a forked
 * call, each of which is a connection of its own.
 */
function connectionsOf(sessions: readonly IceSession[]): IceSession[][] {
  const connections: IceSession[][] = [];
  const byCall = new Map<number, { sessions: IceSession[]; sections: Set<number> }>();
  for (const session of sessions) {
    const sections = new Set(session.transports.map(({ section }) => section));
    const known = session.call < 0 ? undefined : byCall.get(session.call);
    if (
      known !== undefined &&
      known.sessions.length < MOST_TOGETHER &&
      ![...sections].some((s) => known.sections.has(s))
    ) {
      known.sessions.push(session);
      for (const section of sections) known.sections.add(section);
      continue;
    }
    const connection = [session];
    connections.push(connection);
    if (session.call >= 0 && known === undefined) byCall.set(session.call, { sessions: connection, sections });
  }
  return connections;
}

/** Of a generation's nominated pairs the one that was confirmed last. */
function selectedOf({ pairs }: IceTransport, generation: Generation): IcePair | null {
  if (generation.isMixed) return null;
  let selected: IcePair | null = null;
  for (const pair of pairs) {
    if (pair.generation !== generation || !pair.isNominated) continue;
    if (selected === null || Math.max(...pair.lastArrived) > Math.max(...selected.lastArrived)) selected = pair;
  }
  return selected;
}

function transportFor(session: IceSession, section: number, component: number): IceTransport {
  const { transports } = session;
  const known = transports.find((t) => t.section === section && t.component === component);
  if (known !== undefined || transports.length >= 64) return known ?? transports[0];
  const transport: IceTransport = {
    index: transports.length,
    section,
    component,
    pairs: [],
    selected: null,
    dtls: [],
  };
  transports.push(transport);
  return transport;
}

/** Roles as they were in the end. */
function takeRoles(session: IceSession): void {
  const { controlling, controlled } = session.newest;
  for (const side of [0, 1] as const) {
    if (controlling[side] >= 0 || controlled[side] >= 0) {
      session.roles[side] = controlling[side] > controlled[side] ? 'controlling' : 'controlled';
    }
  }
  for (const side of [0, 1] as const) {
    const other = session.roles[side === 0 ? 1 : 0];
    if (session.roles[side] === null && other !== null) {
      session.roles[side] = other === 'controlling' ? 'controlled' : 'controlling';
    }
  }
}

function closeFrameOf({ dtls }: IceTransport): number {
  return dtls.at(-1)?.closedFrame ?? -1;
}

/** A handshake with its certificates held against the fingerprints of the session's own descriptions. */
function checkedAgainst(capture: Capture, session: IceSession, pair: IcePair, outcome: DtlsOutcome): DtlsOutcome {
  if (outcome.end === 'fingerprint-mismatch') return outcome;
  const { flows } = capture.store;
  const { clientFlow, serverFlow, certificates } = outcome.session;
  const clientEnd = clientFlow !== 0 ? flows.sourceEndpoint(clientFlow) : flows.destinationEndpoint(serverFlow);
  const sideOfClient = endsOfPair(capture.store, pair)[1] === clientEnd || isRemoteEnd(session, clientEnd) ? 1 : 0;
  for (const who of ['client', 'server'] as const) {
    const certificate = certificates[who].at(0);
    if (certificate === undefined) continue;
    const ufrag = pair.generation.ufrags[who === 'client' ? sideOfClient : 1 - sideOfClient];
    const announced = session.descriptions.filter((d) => d.ufrag === ufrag).flatMap((d) => d.fingerprints);
    const own = Object.entries(certificate.fingerprints).map(([hash, value]) => `${hash} ${value}`);
    const hashes = new Set(own.map((value) => value.split(' ')[0]));
    const comparable = announced.filter((value) => hashes.has(value.split(' ')[0]));
    if (comparable.length === 0 || comparable.some((value) => own.includes(value))) continue;
    const frames = outcome.session.messages
      .filter(({ handshakeType, fromClient }) => handshakeType === 11 && fromClient === (who === 'client'))
      .map(({ frame }) => frame);
    const endFrame = frames.at(0) ?? outcome.session.firstFrame;
    return { ...outcome, end: 'fingerprint-mismatch', who, frames: [...frames, outcome.session.firstFrame], endFrame };
  }
  return outcome;
}

function isRemoteEnd(session: IceSession, end: string): boolean {
  return candidateOf(session, 1, end) !== null && candidateOf(session, 0, end) === null;
}

/** Keeps at most so many of many, evenly. */
class Sampler {
  readonly frames: number[] = [];
  private every = 1;
  private seen = 0;

  take(frame: number): void {
    if (this.seen++ % this.every !== 0) return;
    this.frames.push(frame);
    if (this.frames.length <= MOST_CHECK_TIMES) return;
    let kept = 0;
    for (let i = 0; i < this.frames.length; i += 2) this.frames[kept++] = this.frames[i];
    this.frames.length = kept;
    this.every *= 2;
  }
}
