import { HandshakeType } from '../../dissectors/tls/handshake.ts';
import { DtlsHandshake } from './dtls-handshake.ts';
import { Room } from './dtls-messages.ts';

const MAX_SESSIONS = 65_536;
/** Hellos remembered of one pair of addresses: beyond any number of ICE restarts. */
const MAX_HELLOS = 256;
/** Of all handshakes together. */
const ROOM_BYTES = 64 << 20;

/** A hello that was seen, by its random. */
interface KnownHello {
  readonly isClients: boolean;
  readonly random: Uint8Array;
  readonly handshake: DtlsHandshake;
}

interface Pair {
  current: DtlsHandshake | null;
  readonly hellos: KnownHello[];
}

/** The handshakes between each two ends; a new one begins with a hello that has another random. */
export class DtlsPairs {
  /** In order of their first message. */
  readonly handshakes: DtlsHandshake[] = [];
  /** The flow the other way, 0 where it was not seen. */
  readonly reverse: Uint32Array;
  private readonly byFlow = new Map<number, Pair>();
  private readonly room = new Room(ROOM_BYTES);

  constructor(reverse: Uint32Array) {
    this.reverse = reverse;
  }

  /** The handshake under way, or the last one; null before the first. */
  current(flow: number): DtlsHandshake | null {
    return this.pair(flow).current;
  }

  /**
   * The handshake that a message belongs to; null where there are too many. `random` of a hello, null where the fragment
   * does not hold it.
   */
  handshakeOf(flow: number, type: number, random: Uint8Array | null, frame: number): DtlsHandshake | null {
    const pair = this.pair(flow);
    const isHello = type === HandshakeType.ClientHello || type === HandshakeType.ServerHello;
    if (random === null || !isHello) return (pair.current ??= this.begin(frame));
    const isClients = type === HandshakeType.ClientHello;
    const known = pair.hellos.find((hello) => hello.isClients === isClients && isSame(hello.random, random));
    // What is sent again late belongs where it was sent first.
    if (known !== undefined) return known.handshake;
    if (pair.current === null || hasAnother(pair, isClients)) pair.current = this.begin(frame);
    if (pair.current !== null && pair.hellos.length < MAX_HELLOS) {
      pair.hellos.push({ isClients, random: new Uint8Array(random), handshake: pair.current });
    }
    return pair.current;
  }

  private begin(frame: number): DtlsHandshake | null {
    if (this.handshakes.length >= MAX_SESSIONS) return null;
    const handshake = new DtlsHandshake(frame, this.room);
    this.handshakes.push(handshake);
    return handshake;
  }

  private pair(flow: number): Pair {
    const known = this.byFlow.get(flow) ?? this.byFlow.get(this.reverse[flow]);
    if (known !== undefined) {
      this.byFlow.set(flow, known);
      return known;
    }
    const pair: Pair = { current: null, hellos: [] };
    this.byFlow.set(flow, pair);
    return pair;
  }
}

/** The handshake under way has such a hello already. A server's alone is no sign: it may ask for another ClientHello first. */
function hasAnother({ current, hellos }: Pair, isClients: boolean): boolean {
  const isOf = (hello: KnownHello, ofClient: boolean): boolean =>
    hello.handshake === current && hello.isClients === ofClient;
  if (!isClients && hellos.some((hello) => isOf(hello, true))) return false;
  return hellos.some((hello) => isOf(hello, isClients));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((octet, i) => octet === b[i]);
}
