import { udpFrame } from '../pass/test-capture.ts';

const SYN = 0x02;
const PUSH_ACK = 0x18;

/** One TCP connection as Ethernet frames, for tests: who says what, in order, without acknowledgements. */
export class TestConnection {
  readonly frames: Uint8Array[] = [];
  private readonly next = { client: 1000, server: 5000 };
  private readonly client: string;
  private readonly server: string;

  constructor(client = '10.0.0.1:40000', server = '10.0.0.2:8080') {
    this.client = client;
    this.server = server;
  }

  /** Another connection on the same ports. */
  restart(): this {
    this.next.client = 700_000;
    this.next.server = 900_000;
    this.say('client', '', false, SYN).say('server', '', false, SYN);
    this.next.client++;
    this.next.server++;
    return this;
  }

  /** A segment; `lost` leaves it out of the capture. */
  say(from: 'client' | 'server', body: string | Uint8Array, lost = false, flags = PUSH_ACK): this {
    const octets = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const [source, destination] = from === 'client' ? [this.client, this.server] : [this.server, this.client];
    const frame = udpFrame(source, destination, new Uint8Array(12 + octets.length));
    const view = new DataView(frame.buffer);
    view.setUint8(23, 6);
    view.setUint32(38, this.next[from]);
    view.setUint8(46, 0x50);
    view.setUint8(47, flags);
    frame.set(octets, 54);
    this.next[from] += octets.length;
    if (!lost) this.frames.push(frame);
    return this;
  }

  /** The handshake, with more header lines in the answer. */
  open(...lines: string[]): this {
    this.say('client', 'GET / HTTP/1.1\r\nHost: pbx\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    const answer = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', ...lines, '', ''];
    return this.say('server', answer.join('\r\n'));
  }
}

const KEY = [0x37, 0xfa, 0x21, 0x3d];

/** A frame: `first` is its first octet. */
export function wsFrame(first: number, payload: string | Uint8Array, isMasked = false): Uint8Array {
  const octets = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const mask = isMasked ? 0x80 : 0;
  const { length } = octets;
  const size =
    length < 126
      ? [mask | length]
      : length < 65_536
        ? [mask | 126, length >> 8, length & 255]
        : [mask | 127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  return Uint8Array.from([
    first,
    ...size,
    ...(isMasked ? KEY : []),
    ...octets.map((octet, i) => (isMasked ? octet ^ KEY[i & 3] : octet)),
  ]);
}

export function sipOptions(callId: string): string {
  return [
    'OPTIONS sip:b@example.com SIP/2.0',
    'Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1',
    'From: <sip:a@example.com>;tag=a',
    'To: <sip:b@example.com>',
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
