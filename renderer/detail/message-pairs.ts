import type { CallMessage } from '../../shared/api.ts';

/** A message that one may want to compare with. */
export interface MessageChoice {
  readonly packet: number;
  readonly label: string;
}

export interface MessagePairs {
  readonly previous: MessageChoice | null;
  /** The same message on its way to and from here: other hops. */
  readonly nextHop: MessageChoice | null;
  readonly earlierHop: MessageChoice | null;
  /** The same message, sent again or captured again. */
  readonly repeated: MessageChoice | null;
  /** The other messages of the call, in order: those nearest to this one where there are very many. */
  readonly all: readonly MessageChoice[];
}

/** More than a person looks through. */
const MOST_CHOICES = 400;

/** `INVITE`, `200 OK`. */
export function nameOfMessage({ method, status, reason }: CallMessage): string {
  return method ?? `${status ?? ''} ${reason ?? ''}`.trim();
}

/** What to compare the message of a packet with; `messages` are those of its call in order of time. */
export function pairsOf(messages: readonly CallMessage[], packet: number): MessagePairs {
  const at = messages.findIndex((message) => message.packet === packet);
  const own = messages[at];
  const from = Math.max(0, Math.min(Math.max(0, at) - MOST_CHOICES / 2, messages.length - MOST_CHOICES));
  const near = messages.slice(from, from + MOST_CHOICES);
  const all = near.filter((message) => message.packet !== packet).map(choiceOf);
  if (own === undefined) return { previous: null, nextHop: null, earlierHop: null, repeated: null, all };

  const isSame = (other: CallMessage): boolean =>
    other.callId === own.callId && other.cseq === own.cseq && nameOfMessage(other) === nameOfMessage(own);
  const isSameHop = (other: CallMessage): boolean => other.src === own.src && other.dst === own.dst;
  const before = messages.slice(0, at).toReversed();
  const after = messages.slice(at + 1);
  const inDialog = before.filter((other) => other.callId === own.callId && !isSame(other));
  const copies = (list: readonly CallMessage[]): CallMessage[] =>
    list.filter((other) => isSame(other) && !isSameHop(other));
  const repeats = [...before, ...after].filter((other) => isSame(other) && isSameHop(other));
  const next = copies(after);
  const earlier = copies(before);
  return {
    previous: choice(inDialog.find((other) => isBetweenSame(other, own)) ?? inDialog[0]),
    nextHop: choice(next.find((other) => hostOf(other.src) === hostOf(own.dst)) ?? next[0]),
    earlierHop: choice(earlier.find((other) => hostOf(other.dst) === hostOf(own.src)) ?? earlier[0]),
    repeated: choice(repeats[0]),
    all,
  };
}

/** Between the same two hosts, whichever way. */
function isBetweenSame(a: CallMessage, b: CallMessage): boolean {
  return hostsOf(a) === hostsOf(b);
}

function hostsOf({ src, dst }: CallMessage): string {
  return [hostOf(src), hostOf(dst)].toSorted().join(' ');
}

function hostOf(endpoint: string | null): string {
  return endpoint?.replace(/:\d+$/, '') ?? '';
}

function choice(message: CallMessage | undefined): MessageChoice | null {
  return message === undefined ? null : choiceOf(message);
}

function choiceOf(message: CallMessage): MessageChoice {
  const { packet, src, dst, cseq } = message;
  const ofMethod = message.method === undefined ? ` (${cseq.split(' ').at(-1)})` : '';
  const name = `${nameOfMessage(message)}${ofMethod}`;
  return { packet, label: `#${packet} ${name}, ${hostOf(src)} → ${hostOf(dst)}` };
}
