/** Methods, classes and error codes: the IANA registry "Session Traversal Utilities for NAT (STUN) Parameters". */
import { StunClass } from './columns.ts';

/** Values of the `method` column. Of messages without the cookie 2, 4, 5 and 6 mean something else: see `methodName`. */
export const StunMethod = {
  Binding: 0x001,
  SharedSecret: 0x002,
  Allocate: 0x003,
  Refresh: 0x004,
  Send: 0x006,
  Data: 0x007,
  CreatePermission: 0x008,
  ChannelBind: 0x009,
  Connect: 0x00a,
  ConnectionBind: 0x00b,
  ConnectionAttempt: 0x00c,
  GoogPing: 0x080,
} as const;

const METHODS: Readonly<Record<number, string>> = {
  [StunMethod.Binding]: 'Binding',
  [StunMethod.SharedSecret]: 'SharedSecret',
  [StunMethod.Allocate]: 'Allocate',
  [StunMethod.Refresh]: 'Refresh',
  [StunMethod.Send]: 'Send',
  [StunMethod.Data]: 'Data',
  [StunMethod.CreatePermission]: 'CreatePermission',
  [StunMethod.ChannelBind]: 'ChannelBind',
  [StunMethod.Connect]: 'Connect',
  [StunMethod.ConnectionBind]: 'ConnectionBind',
  [StunMethod.ConnectionAttempt]: 'ConnectionAttempt',
  [StunMethod.GoogPing]: 'GOOG-PING',
};

/** RFC 3489, section 11.1, and the drafts of TURN of the same time. */
const CLASSIC_METHODS: Readonly<Record<number, string>> = {
  1: 'Binding',
  2: 'Shared Secret',
  3: 'Allocate',
  4: 'Send',
  5: 'Data',
  6: 'Set Active Destination',
};

const CLASSES = ['Request', 'Indication', 'Success Response', 'Error Response'] as const;

/** `Binding`, `CreatePermission`, …; `Method 0x123` for one that is not assigned. */
export function methodName(method: number, isClassic: boolean): string {
  return (isClassic ? CLASSIC_METHODS : METHODS)[method] ?? `Method 0x${method.toString(16).padStart(3, '0')}`;
}

/** `Request`, `Indication`, `Success Response`, `Error Response`. */
export function className(messageClass: number): string {
  return CLASSES[messageClass] ?? '';
}

/** The method of a message type (RFC 8489, section 5: class and method bits are mixed). */
export function methodOf(type: number): number {
  return (type & 0xf) | ((type & 0xe0) >> 1) | ((type & 0x3e00) >> 2);
}

/** The class of a message type. */
export function classOf(type: number): number {
  return ((type >> 4) & 1) | ((type >> 7) & 2);
}

/** The message type of a class and a method: the inverse of `classOf` and `methodOf`. */
export function messageType(messageClass: number, method: number): number {
  const bits = ((messageClass & 1) << 4) | ((messageClass & 2) << 7);
  return bits | (method & 0xf) | ((method & 0x70) << 1) | ((method & 0xf80) << 2);
}

/** Data Indication of the old drafts, the only type of theirs that is no request, response or error response. */
const CLASSIC_DATA_INDICATION = 0x0115;

/** The class of a type of RFC 3489, −1 where it has no such type. */
export function classicClassOf(type: number): number {
  if (type === CLASSIC_DATA_INDICATION) return StunClass.Indication;
  const method = type & 0xf;
  const isAssigned = (method >= 1 && method <= 4) || method === 6;
  if (!isAssigned || (type & 0xfef0) !== (type & 0x0010)) return -1;
  const bits = type & 0x0110;
  return bits === 0 ? StunClass.Request : bits === 0x0100 ? StunClass.Success : bits === 0x0110 ? StunClass.Error : -1;
}

const ERRORS: Readonly<Record<number, string>> = {
  300: 'Try Alternate',
  400: 'Bad Request',
  401: 'Unauthenticated',
  403: 'Forbidden',
  405: 'Mobility Forbidden',
  408: 'Request Timed Out',
  420: 'Unknown Attribute',
  430: 'Stale Credentials',
  431: 'Integrity Check Failure',
  432: 'Missing Username',
  433: 'Use TLS',
  434: 'Missing Realm',
  435: 'Missing Nonce',
  436: 'Unknown Username',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  443: 'Peer Address Family Mismatch',
  446: 'Connection Already Exists',
  447: 'Connection Timeout or Failure',
  481: 'Connection does not exist',
  486: 'Allocation Quota Reached',
  487: 'Role Conflict',
  500: 'Server Error',
  508: 'Insufficient Capacity',
  600: 'Global Failure',
};

/** The registered reason phrase of an error code, '' for one that has none. */
export function errorName(code: number): string {
  return ERRORS[code] ?? '';
}
