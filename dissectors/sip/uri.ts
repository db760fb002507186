/** SIP and tel URIs (RFC 3261 section 19.1, RFC 3966), for the cold path. */
import { cut, locateParams, type ParamSpan, type Span } from './name-addr.ts';

/** Where the parts of a URI are; length 0 for a part that is absent. */
export interface UriSpans {
  readonly scheme: Span;
  /** User without password; the number of a tel URI. */
  readonly user: Span;
  readonly password: Span;
  /** The host without the brackets of an IPv6 address. */
  readonly host: Span;
  readonly port: Span;
  readonly params: readonly ParamSpan[];
  /** What follows `?`. */
  readonly headers: Span;
}

export interface SipUri {
  /** Lower case, '' where there is none. */
  readonly scheme: string;
  readonly user: string;
  readonly host: string;
  /** 0 where the URI names none. */
  readonly port: number;
  /** By lower-case name; '' for a parameter without value. */
  readonly params: ReadonlyMap<string, string>;
}

/** Reads a URI. Never fails; a text that is none has no scheme and all of it as host. */
export function parseSipUri(text: string): SipUri {
  const spans = locateUri(text, 0, text.length);
  const params = new Map<string, string>();
  for (const param of spans.params) params.set(cut(text, param.name).toLowerCase(), cut(text, param.value));
  return {
    scheme: cut(text, spans.scheme).toLowerCase(),
    user: cut(text, spans.user),
    host: cut(text, spans.host),
    port: Number.parseInt(cut(text, spans.port), 10) || 0,
    params,
  };
}

/** Finds the parts of the URI between `from` and `to`. */
export function locateUri(text: string, from: number, to: number): UriSpans {
  const none: Span = { at: to, length: 0 };
  const uri = text.slice(from, to);
  const schemeLength = /^[A-Za-z][A-Za-z0-9+.-]*(?=:)/.exec(uri)?.[0].length ?? 0;
  // `host:5060` without a scheme looks like one until the digits are seen.
  const isScheme = schemeLength > 0 && !/^:\d+(;|$)/.test(uri.slice(schemeLength));
  const scheme: Span = isScheme ? { at: from, length: schemeLength } : { at: from, length: 0 };
  const rest = isScheme ? from + schemeLength + 1 : from;
  const isTel = cut(text, scheme).toLowerCase() === 'tel';

  const question = find(text, '?', rest, to);
  const at = find(text, '@', rest, to);
  // A `?` before the `@` is part of the user.
  const headersAt = question >= 0 && question > at ? question : question >= 0 && at >= 0 ? find(text, '?', at, to) : -1;
  const end = headersAt >= 0 ? headersAt : to;
  const headers: Span = headersAt >= 0 ? { at: headersAt + 1, length: to - headersAt - 1 } : none;

  const hostFrom = at >= 0 ? at + 1 : rest;
  const semicolon = find(text, ';', hostFrom, end);
  const hostTo = semicolon < 0 ? end : semicolon;
  const params = semicolon < 0 ? [] : locateParams(text, semicolon, end);
  if (isTel) {
    const number: Span = { at: rest, length: hostTo - rest };
    return { scheme, user: number, password: none, host: none, port: none, params, headers };
  }
  let user = none;
  let password = none;
  if (at >= 0) {
    const colon = find(text, ':', rest, at);
    user = { at: rest, length: (colon < 0 ? at : colon) - rest };
    if (colon >= 0) password = { at: colon + 1, length: at - colon - 1 };
  }
  return { scheme, user, password, ...locateHostPort(text, hostFrom, hostTo), params, headers };
}

/** Finds host and port between `from` and `to`; an IPv6 address stands in brackets. */
export function locateHostPort(text: string, from: number, to: number): { host: Span; port: Span } {
  const none: Span = { at: to, length: 0 };
  if (text[from] === '[') {
    const close = find(text, ']', from, to);
    const end = close < 0 ? to : close;
    const host: Span = { at: from + 1, length: Math.max(0, end - from - 1) };
    const colon = close < 0 ? -1 : find(text, ':', close, to);
    return { host, port: colon < 0 ? none : { at: colon + 1, length: to - colon - 1 } };
  }
  const colon = find(text, ':', from, to);
  if (colon < 0) return { host: { at: from, length: to - from }, port: none };
  return { host: { at: from, length: colon - from }, port: { at: colon + 1, length: to - colon - 1 } };
}

function find(text: string, letter: string, from: number, to: number): number {
  const at = text.indexOf(letter, from);
  return at < 0 || at >= to ? -1 : at;
}
