import { crc32 } from '../../../dissectors/stun/crc32.ts';
import type { TestDatagram } from '../../pass/test-capture.ts';

/** A connectivity check or its answer, for tests. */
export interface TestCheck {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  /** Tells transactions apart. */
  readonly id: number;
  /** `request`, `success`, or an error's code. */
  readonly kind: 'request' | 'success' | number;
  /** Of requests: `receiver:sender`. */
  readonly username?: string;
  readonly role?: 'controlling' | 'controlled';
  readonly useCandidate?: boolean;
  /** XOR-MAPPED-ADDRESS of an answer; where it goes, unless it says otherwise. */
  readonly mapped?: string;
}

const COOKIE = [0x21, 0x12, 0xa4, 0x42];
/** Of a host candidate's peer-reflexive twin, component 1 (RFC 8445 section 7.1.1). */
const PRIORITY = [0x6e, 0x7f, 0x00, 0xff];

/** The message as a datagram, with a FINGERPRINT. */
export function check(fields: TestCheck): TestDatagram {
  const { at, from, to, id, kind, username, role, useCandidate, mapped } = fields;
  const attributes: number[] = [];
  const add = (type: number, value: readonly number[]): void => {
    attributes.push(type >> 8, type & 255, value.length >> 8, value.length & 255, ...value);
    while (attributes.length % 4 !== 0) attributes.push(0);
  };
  if (username !== undefined) add(0x0006, [...new TextEncoder().encode(username)]);
  if (kind === 'request') add(0x0024, PRIORITY);
  if (role !== undefined) add(role === 'controlling' ? 0x802a : 0x8029, [1, 2, 3, 4, 5, 6, 7, role.length]);
  if (useCandidate === true) add(0x0025, []);
  if (kind === 'success') add(0x0020, xorAddress(mapped ?? to));
  if (typeof kind === 'number') add(0x0009, [0, 0, Math.floor(kind / 100), kind % 100]);
  const type = kind === 'request' ? [0x00, 0x01] : kind === 'success' ? [0x01, 0x01] : [0x01, 0x11];
  const transaction = [0, 0, 0, 0, 0, 0, 0, 0, (id >>> 24) & 255, (id >> 16) & 255, (id >> 8) & 255, id & 255];
  const length = attributes.length + 8;
  const head = [...type, length >> 8, length & 255, ...COOKIE, ...transaction, ...attributes];
  const sum = (crc32(new Uint8Array(head), 0, head.length) ^ 0x5354554e) >>> 0;
  const tail = [0x80, 0x28, 0, 4, sum >>> 24, (sum >> 16) & 255, (sum >> 8) & 255, sum & 255];
  return { at, from, to, payload: new Uint8Array([...head, ...tail]) };
}

/** A check and its answer, the latter 10 ms later. */
export function answered(fields: Omit<TestCheck, 'kind'>): TestDatagram[] {
  const { at, from, to, id } = fields;
  const { mapped, ...request } = fields;
  const answer = { at: at + 0.01, from: to, to: from, id, kind: 'success' as const };
  return [check({ ...request, kind: 'request' }), check(mapped === undefined ? answer : { ...answer, mapped })];
}

function xorAddress(endpoint: string): number[] {
  const [address, port] = endpoint.split(':');
  const octets = address.split('.').map((octet, i) => Number(octet) ^ COOKIE[i]);
  const number = Number(port) ^ 0x2112;
  return [0, 1, number >> 8, number & 255, ...octets];
}
