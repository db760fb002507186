import type { CallTracker } from '../calls/call-tracker.ts';
import type { IceDescription } from './descriptions.ts';
import { Generation, type SideIndex, turnRound } from './ice-pair.ts';
import { IceSession } from './ice-session.ts';
import { MOST_GENERATIONS, MOST_SESSIONS } from './ice-timing.ts';
import type { Leg } from './legs.ts';

/**
 * Generations to sessions. New ufrags on the same addresses, or for the same section of the same call, are a restart (RFC
 * 8445 section 9); the same ufrag with another one of the far side is another answer to the same offer. Descriptions
 * without checks make a session where both sides' ufrags are known.
 */
export function groupSessions(
  generations: readonly Generation[],
  descriptions: readonly IceDescription[],
  calls: CallTracker,
  sourceEnd: (flow: number) => string,
): IceSession[] {
  const byUfrag = new Map<string, IceDescription[]>();
  for (const description of descriptions) {
    if (description.ufrag === '') continue;
    const list = byUfrag.get(description.ufrag);
    if (list === undefined) byUfrag.set(description.ufrag, [description]);
    else list.push(description);
  }
  const sessions: IceSession[] = [];
  const byLeg = new Map<Leg, IceSession>();
  const bySection = new Map<string, IceSession>();
  const sessionsOfUfrag = new Map<string, Set<number>>();
  for (const generation of generations) {
    const described = describedBy(generation, byUfrag);
    const section = sectionOf(described);
    let session = crossed(sessions, generation, sessionsOfUfrag);
    generation.isMixed = session !== null && session.generations.length < MOST_GENERATIONS;
    for (const pair of generation.pairs) {
      for (const leg of pair.legs) session ??= byLeg.get(leg) ?? null;
    }
    if (session === null && section !== null) {
      const earlier = bySection.get(section) ?? null;
      if (earlier !== null && !sharesUfrag(earlier.newest, generation)) session = earlier;
    }
    if (session === null || session.generations.length >= MOST_GENERATIONS) {
      session = new IceSession(sessions.length);
      sessions.push(session);
    }
    addGeneration(session, generation, described, calls, sourceEnd);
    for (const pair of generation.pairs) for (const leg of pair.legs) byLeg.set(leg, session);
    if (section !== null) bySection.set(section, session);
    for (const ufrag of generation.ufrags) {
      const known = sessionsOfUfrag.get(ufrag);
      if (known === undefined) sessionsOfUfrag.set(ufrag, new Set([session.index]));
      else known.add(session.index);
    }
  }
  addUnchecked(sessions, descriptions, calls);
  addTrickled(sessions, descriptions);
  return sessions;
}

/** The session that has both ufrags, of different generations: one side had not yet heard of the restart. */
function crossed(
  sessions: readonly IceSession[],
  { ufrags: [a, b] }: Generation,
  sessionsOfUfrag: ReadonlyMap<string, ReadonlySet<number>>,
): IceSession | null {
  const others = sessionsOfUfrag.get(b);
  for (const index of sessionsOfUfrag.get(a) ?? []) if (others?.has(index) === true) return sessions[index];
  return null;
}

/** Descriptions of a generation's ufrags: of one call, where both are known. */
function describedBy(
  { ufrags }: Generation,
  byUfrag: ReadonlyMap<string, readonly IceDescription[]>,
): IceDescription[] {
  const [a, b] = ufrags.map((ufrag) => byUfrag.get(ufrag) ?? []);
  const calls = new Set(a.map(({ call }) => call));
  const common = b.find(({ call }) => calls.has(call))?.call ?? a.at(0)?.call ?? b.at(0)?.call;
  return [...a, ...b].filter(({ call }) => call === common).toSorted((x, y) => x.frame - y.frame);
}

function sectionOf(described: readonly IceDescription[]): string | null {
  if (described.length === 0) return null;
  const { call, section } = described.reduce((least, one) => (one.section < least.section ? one : least));
  return `${call}/${section}`;
}

function sharesUfrag(a: Generation, b: Generation): boolean {
  return a.ufrags.some((ufrag) => b.ufrags.includes(ufrag));
}

function addGeneration(
  session: IceSession,
  generation: Generation,
  described: readonly IceDescription[],
  calls: CallTracker,
  sourceEnd: (flow: number) => string,
): void {
  const first = described.at(0);
  if (session.generations.length === 0) {
    if (first !== undefined) {
      session.call = first.call;
      const offerer = offererOf(first, calls);
      session.isOffererKnown = true;
      // The offerer's ufrag comes first.
      if (sideInGeneration(generation, first) !== (first.side === offerer ? 0 : 1)) turnRound(generation);
    }
  } else if (isOtherWayRound(session, generation, first, sourceEnd)) turnRound(generation);
  session.generations.push(generation);
  session.descriptions.push(...described);
  for (const { isLite, ufrag } of described) {
    if (isLite) session.isLite[generation.ufrags[1] === ufrag ? 1 : 0] = true;
  }
}

/** The first to describe itself offered, where it is a request; a response that comes first may answer one not captured. */
function offererOf(first: IceDescription, calls: CallTracker): IceDescription['side'] {
  if (first.isRequest) return first.side;
  const entry = calls.entries[first.call];
  const wasAsked = entry.inviteRow >= 0;
  return wasAsked ? first.side : first.side === 'caller' ? 'callee' : 'caller';
}

function sideInGeneration({ ufrags }: Generation, { ufrag }: IceDescription): SideIndex {
  return ufrags[1] === ufrag ? 1 : 0;
}

/** Whether the sides of a later generation are those of the first, by who said so in its call, or by addresses. */
function isOtherWayRound(
  session: IceSession,
  generation: Generation,
  described: IceDescription | undefined,
  sourceEnd: (flow: number) => string,
): boolean {
  const before = session.descriptions.at(0);
  if (before !== undefined && described !== undefined && before.call === described.call) {
    const side = sideInGeneration(session.first, before);
    return sideInGeneration(generation, described) !== (described.side === before.side ? side : 1 - side);
  }
  const ends = endsOf(session.newest, sourceEnd);
  const next = endsOf(generation, sourceEnd);
  const common = (a: SideIndex, b: SideIndex): number => [...next[a]].filter((end) => ends[b].has(end)).length;
  return common(0, 1) + common(1, 0) > common(0, 0) + common(1, 1);
}

function endsOf({ pairs }: Generation, sourceEnd: (flow: number) => string): [Set<string>, Set<string>] {
  const ends: [Set<string>, Set<string>] = [new Set(), new Set()];
  for (const { firstFlow } of pairs) {
    for (const side of [0, 1] as const) if (firstFlow[side] !== 0) ends[side].add(sourceEnd(firstFlow[side]));
  }
  return ends;
}

/** Sessions of calls whose both sides announced ufrags, and that nobody checked. */
function addUnchecked(sessions: IceSession[], descriptions: readonly IceDescription[], calls: CallTracker): void {
  const checked = new Set(sessions.map(({ call }) => call));
  const byCall = new Map<number, IceDescription[]>();
  for (const description of descriptions) {
    if (checked.has(description.call) || description.isTrickled || description.ufrag === '') continue;
    const list = byCall.get(description.call);
    if (list === undefined) byCall.set(description.call, [description]);
    else list.push(description);
  }
  for (const [call, list] of byCall) {
    const first = list[0];
    const offerer = offererOf(first, calls);
    const [local] = list.filter(({ side }) => side === offerer);
    const [remote] = list.filter(({ side }) => side !== offerer);
    if (local === undefined || remote === undefined || sessions.length >= MOST_SESSIONS) continue;
    const session = new IceSession(sessions.length);
    session.call = call;
    session.isOffererKnown = true;
    session.generations.push(new Generation(-1, [local.ufrag, remote.ufrag], local.frame));
    session.descriptions.push(...list.filter(({ ufrag }) => ufrag === local.ufrag || ufrag === remote.ufrag));
    for (const one of session.descriptions) if (one.isLite) session.isLite[one.side === offerer ? 0 : 1] = true;
    sessions.push(session);
  }
}

/** Candidates may come without a ufrag: then they are of the newest one of their side. */
function addTrickled(sessions: readonly IceSession[], descriptions: readonly IceDescription[]): void {
  const byCall = new Map<number, IceSession[]>();
  for (const session of sessions) {
    const list = byCall.get(session.call);
    if (list === undefined) byCall.set(session.call, [session]);
    else list.push(session);
  }
  for (const description of descriptions) {
    if (!description.isTrickled || description.ufrag !== '') continue;
    const session = byCall.get(description.call)?.find(({ first }) => first.firstFrame <= description.frame);
    session?.descriptions.push(description);
  }
}
