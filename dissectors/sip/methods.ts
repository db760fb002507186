/**
 * The SIP methods that have a number. A method that is not in the list is sound all the same (RFC 3261 section 7.1
 * lets extensions add tokens) and has the number 0; its name is in the message.
 */
export const SIP_METHODS = [
  '',
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'REGISTER',
  'OPTIONS',
  'INFO',
  'PRACK',
  'UPDATE',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'MESSAGE',
  'REFER',
] as const;

/** A method's number: its place in `SIP_METHODS`. */
export const SipMethod = {
  unknown: 0,
  INVITE: 1,
  ACK: 2,
  BYE: 3,
  CANCEL: 4,
  REGISTER: 5,
  OPTIONS: 6,
  INFO: 7,
  PRACK: 8,
  UPDATE: 9,
  SUBSCRIBE: 10,
  NOTIFY: 11,
  PUBLISH: 12,
  MESSAGE: 13,
  REFER: 14,
} as const;
export type SipMethod = (typeof SipMethod)[keyof typeof SipMethod];

const WORDS = SIP_METHODS.map((name) => Uint8Array.from(name, (letter) => letter.charCodeAt(0)));

/** The number of the method at `at`, 0 where it is none of ours. Methods are case-sensitive (RFC 3261 7.1). */
export function methodId(bytes: Uint8Array, at: number, length: number): SipMethod {
  switch (bytes[at]) {
    case 0x49: // I
      return match(bytes, at, length, SipMethod.INVITE) || match(bytes, at, length, SipMethod.INFO);
    case 0x41: // A
      return match(bytes, at, length, SipMethod.ACK);
    case 0x42: // B
      return match(bytes, at, length, SipMethod.BYE);
    case 0x43: // C
      return match(bytes, at, length, SipMethod.CANCEL);
    case 0x52: // R
      return match(bytes, at, length, SipMethod.REGISTER) || match(bytes, at, length, SipMethod.REFER);
    case 0x4f: // O
      return match(bytes, at, length, SipMethod.OPTIONS);
    case 0x50: // P
      return match(bytes, at, length, SipMethod.PRACK) || match(bytes, at, length, SipMethod.PUBLISH);
    case 0x55: // U
      return match(bytes, at, length, SipMethod.UPDATE);
    case 0x53: // S
      return match(bytes, at, length, SipMethod.SUBSCRIBE);
    case 0x4e: // N
      return match(bytes, at, length, SipMethod.NOTIFY);
    case 0x4d: // M
      return match(bytes, at, length, SipMethod.MESSAGE);
    default:
      return SipMethod.unknown;
  }
}

function match(bytes: Uint8Array, at: number, length: number, id: SipMethod): SipMethod {
  const word = WORDS[id];
  if (word.length !== length) return SipMethod.unknown;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== word[i]) return SipMethod.unknown;
  return id;
}
