/** STUN and TURN messages written by hand, for tests (RFC 8489 section 5 and 14, RFC 8656 section 18). */
import type { TestDatagram } from '../../pass/test-capture.ts';

const COOKIE = [0x21, 0x12, 0xa4, 0x42];

export const Type = {
  bindingRequest: 0x0001,
  bindingSuccess: 0x0101,
  allocateRequest: 0x0003,
  allocateSuccess: 0x0103,
  allocateError: 0x0113,
  refreshRequest: 0x0004,
  refreshSuccess: 0x0104,
  refreshError: 0x0114,
  sendIndication: 0x0016,
  dataIndication: 0x0017,
  permissionRequest: 0x0008,
  permissionSuccess: 0x0108,
  permissionError: 0x0118,
  channelRequest: 0x0009,
  channelSuccess: 0x0109,
  channelError: 0x0119,
} as const;

export type Attribute = readonly [type: number, value: readonly number[]];

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];

function xorAddress(text: string): number[] {
  const [address, port] = text.split(':');
  return [0, 1, ...u16(Number(port) ^ 0x2112), ...address.split('.').map((part, i) => Number(part) ^ COOKIE[i])];
}

export const attribute = {
  username: (text: string): Attribute => [0x0006, utf8(text)],
  integrity: [0x0008, Array.from({ length: 20 }, () => 0)] as Attribute,
  error: (code: number, reason = ''): Attribute => [
    0x0009,
    [0, 0, Math.floor(code / 100), code % 100, ...utf8(reason)],
  ],
  channel: (channel: number): Attribute => [0x000c, [...u16(channel), 0, 0]],
  lifetime: (seconds: number): Attribute => [0x000d, u32(seconds)],
  peer: (endpoint: string): Attribute => [0x0012, xorAddress(endpoint)],
  data: (octets: readonly number[]): Attribute => [0x0013, octets],
  realm: (text: string): Attribute => [0x0014, utf8(text)],
  nonce: (text: string): Attribute => [0x0015, utf8(text)],
  relayed: (endpoint: string): Attribute => [0x0016, xorAddress(endpoint)],
  transport: [0x0019, [17, 0, 0, 0]] as Attribute,
  mapped: (endpoint: string): Attribute => [0x0020, xorAddress(endpoint)],
  alternate: (endpoint: string): Attribute => {
    const [address, port] = endpoint.split(':');
    return [0x8023, [0, 1, ...u16(Number(port)), ...address.split('.').map(Number)]];
  },
};

/** A message whose transaction ID ends with `transaction`. */
export function stunMessage(type: number, transaction: number, ...attributes: readonly Attribute[]): Uint8Array {
  const body = attributes.flatMap(([name, value]) => [
    ...u16(name),
    ...u16(value.length),
    ...value,
    ...Array.from({ length: -value.length & 3 }, () => 0),
  ]);
  return Uint8Array.from([
    ...u16(type),
    ...u16(body.length),
    ...COOKIE,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...u32(transaction),
    ...body,
  ]);
}

export function channelData(channel: number, octets: readonly number[]): Uint8Array {
  return Uint8Array.from([...u16(channel), ...u16(octets.length), ...octets]);
}

export const CLIENT = '10.0.0.1:50000';
export const SERVER = '192.0.2.1:3478';
export const PEER = '198.51.100.7:4000';
export const RELAYED = '192.0.2.1:60000';

/** A conversation, written down in order of time. */
export class TurnScript {
  readonly datagrams: TestDatagram[] = [];
  client = CLIENT;
  server = SERVER;
  private transaction = 0;

  /** The client sends. */
  out(at: number, payload: Uint8Array): this {
    this.datagrams.push({ at, from: this.client, to: this.server, payload });
    return this;
  }

  /** The server sends. */
  in(at: number, payload: Uint8Array, from = this.server): this {
    this.datagrams.push({ at, from, to: this.client, payload });
    return this;
  }

  /** A request and, 20 ms later, its answer. */
  ask(at: number, request: number, asked: readonly Attribute[], answer: number, given: readonly Attribute[]): this {
    const id = ++this.transaction;
    return this.out(at, stunMessage(request, id, ...asked)).in(at + 0.02, stunMessage(answer, id, ...given));
  }

  /** The request that is challenged. */
  challenge(at: number, nonce = 'n1'): this {
    const given = [attribute.error(401, 'Unauthorized'), attribute.realm('example.net'), attribute.nonce(nonce)];
    return this.ask(at, Type.allocateRequest, [attribute.transport], Type.allocateError, given);
  }

  /** Challenge and grant, in the first 0.12 s from `at`. */
  allocate(at: number, lifetime = 600): this {
    const given = [attribute.relayed(RELAYED), attribute.mapped('203.0.113.9:50000'), attribute.lifetime(lifetime)];
    return this.challenge(at).ask(
      at + 0.1,
      Type.allocateRequest,
      signed(attribute.transport),
      Type.allocateSuccess,
      given,
    );
  }

  permit(at: number, peer = PEER): this {
    return this.ask(at, Type.permissionRequest, signed(attribute.peer(peer)), Type.permissionSuccess, []);
  }

  refresh(at: number, lifetime: number): this {
    const asked = signed(attribute.lifetime(lifetime));
    return this.ask(at, Type.refreshRequest, asked, Type.refreshSuccess, [attribute.lifetime(lifetime)]);
  }

  /** Send indications, `every` seconds from `at`; `isAnswered` sends a Data indication back for each. */
  talk(at: number, count: number, every: number, isAnswered: boolean, peer = PEER): this {
    for (let i = 0; i < count; i++) {
      const content = [attribute.peer(peer), attribute.data([1, 2, 3, 4, 5])];
      this.out(at + i * every, stunMessage(Type.sendIndication, 0x10000 + this.datagrams.length, ...content));
      if (isAnswered) {
        this.in(at + i * every + 0.03, stunMessage(Type.dataIndication, 0x20000 + this.datagrams.length, ...content));
      }
    }
    return this;
  }
}

/** What an authenticated request has besides its own. */
export function signed(...own: readonly Attribute[]): Attribute[] {
  return [
    ...own,
    attribute.username('anna'),
    attribute.realm('example.net'),
    attribute.nonce('n1'),
    attribute.integrity,
  ];
}
