import type { CallMessage, StreamRow } from '../../shared/api.ts';

/** As much of a stream as its place needs. */
export type StreamEnds = Pick<StreamRow, 'src' | 'dst' | 'direction'>;

/** As much of a message. */
export type MessageEnds = Pick<CallMessage, 'src' | 'dst' | 'method'>;

/** Places of a ladder's lines. */
export interface EndpointNames {
  readonly names: string[];
  ofMessage(message: MessageEnds): { from: number; to: number };
  ofStream(stream: StreamEnds): { from: number; to: number };
}

const UNKNOWN = 'unknown';

/**
 * Which lines a ladder has. A line is an IP address, as its ports are many (media, a client's TCP ports). Only an
 * address that speaks with itself, a laboratory's loopback, is told apart by port; media of such an address is drawn
 * at the side of the call that sends it.
 */
export function endpointsOf(messages: readonly MessageEnds[], streams: readonly StreamEnds[]): EndpointNames {
  const byPort = new Set<string>();
  for (const { src, dst } of messages) {
    if (src !== null && dst !== null && hostOf(src) === hostOf(dst)) byPort.add(hostOf(src));
  }
  const names: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (name: string): number => {
    let place = places.get(name);
    if (place === undefined) {
      place = names.length;
      names.push(name);
      places.set(name, place);
    }
    return place;
  };
  const signalling = (endpoint: string | null): number => {
    if (endpoint === null) return placeOf(UNKNOWN);
    const host = hostOf(endpoint);
    return placeOf(byPort.has(host) ? endpoint : host);
  };
  const ofMessage = ({ src, dst }: MessageEnds): { from: number; to: number } => {
    const from = signalling(src);
    return { from, to: signalling(dst) };
  };
  messages.forEach(ofMessage);

  const invite = messages.find(({ method }) => method === 'INVITE') ?? messages[0];
  const media = (endpoint: string, side: string | null): number => {
    const host = hostOf(endpoint);
    if (!byPort.has(host)) return placeOf(host);
    if (places.has(endpoint)) return placeOf(endpoint);
    if (side !== null && hostOf(side) === host) return placeOf(side);
    return placeOf(endpoint);
  };
  const ofStream = ({ src, dst, direction }: StreamEnds): { from: number; to: number } => {
    const caller = direction === null ? null : (invite?.src ?? null);
    const callee = direction === null ? null : (invite?.dst ?? null);
    const forwards = direction !== 'callee-to-caller';
    const from = media(src, forwards ? caller : callee);
    return { from, to: media(dst, forwards ? callee : caller) };
  };
  streams.forEach(ofStream);
  return { names, ofMessage, ofStream };
}

/** `10.0.0.1:5060` and `[2001:db8::1]:5060` taken apart. */
export function splitEndpoint(endpoint: string): { ip: string; port: number } {
  const colon = endpoint.lastIndexOf(':');
  const ip = endpoint.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { ip, port: Number(endpoint.slice(colon + 1)) };
}

function hostOf(endpoint: string): string {
  return splitEndpoint(endpoint).ip;
}
