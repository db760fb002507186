import { Octets } from '../../base/octets.ts';
import { cipherSuiteName } from '../../dissectors/tls/cipher-suites.ts';
import {
  type ClientHello,
  type HandshakeHeader,
  HandshakeType,
  parseCertificates,
  parseClientHello,
  parseEncryptedExtensions,
  parseServerHello,
  type ServerHello,
} from '../../dissectors/tls/handshake.ts';
import { ContentType } from '../../dissectors/tls/records.ts';
import { dtlsCertificate } from './dtls-certificate.ts';
import { DtlsMessages, fragmentsOf, type Room, type WholeMessage } from './dtls-messages.ts';
import { DTLS_1_3, type DtlsAlert, type DtlsCertificate, type DtlsMessage, type DtlsSession } from './dtls-session.ts';
import { dtls13Opener, type HiddenRecord } from './dtls13-records.ts';
import type { KeyLog } from './key-log.ts';

const MAX_MESSAGES = 64;
const MAX_ALERTS = 16;
const MAX_HIDDEN_RECORDS = 64;
const MAX_CERTIFICATES = 8;
/** Eight are registered; a host name has no more than 255 octets (RFC 1035 section 2.3.4). */
const MAX_PROFILES = 32;
const MAX_NAME = 255;

const FROM_CLIENT: ReadonlySet<number> = new Set([
  HandshakeType.ClientHello,
  HandshakeType.ClientKeyExchange,
  HandshakeType.CertificateVerify,
]);
const FROM_SERVER: ReadonlySet<number> = new Set([
  HandshakeType.ServerHello,
  HandshakeType.HelloVerifyRequest,
  HandshakeType.ServerKeyExchange,
  HandshakeType.CertificateRequest,
  HandshakeType.ServerHelloDone,
  HandshakeType.HelloRequest,
]);

/** One sender's part. */
class Sender {
  readonly messages: DtlsMessages;
  readonly seen: WholeMessage[] = [];
  readonly alerts: { frame: number; level: number; description: number }[] = [];
  certificates: DtlsCertificate[] = [];
  /** Frame of its first encrypted record, -1 before. */
  protectedFrame = -1;
  /** Version 1.3: its first encrypted records, which hold the rest of the handshake. */
  readonly hidden: HiddenRecord[] = [];

  constructor(room: Room) {
    this.messages = new DtlsMessages(room);
  }
}

/** A handshake while it is put together from what both sides sent. */
export class DtlsHandshake {
  readonly firstFrame: number;
  private clientHello: Pick<ClientHello, 'random' | 'serverName' | 'srtpProfiles'> | null = null;
  private serverHello: Pick<
    ServerHello,
    'version' | 'cipherSuite' | 'random' | 'srtpProfile' | 'srtpMki' | 'extendedMasterSecret'
  > | null = null;
  private clientFlow = 0;
  private readonly senders = new Map<number, Sender>();
  private readonly room: Room;

  /** `room` is for octets that are kept, of all handshakes together. */
  constructor(frame: number, room: Room) {
    this.firstFrame = frame;
    this.room = room;
  }

  /** Takes the content of a handshake record in the clear, a fragment at a time. */
  take(flow: number, reverse: number, header: HandshakeHeader, bytes: Uint8Array, frame: number): void {
    if (FROM_CLIENT.has(header.type)) this.clientFlow = flow;
    else if (FROM_SERVER.has(header.type) && reverse !== 0) this.clientFlow = reverse;
    this.takeFragment(this.sender(flow), header, bytes, frame, false);
  }

  /** Version 1.3: opens the rest of the handshake, where the log has its secrets. */
  reveal(keyLog: KeyLog, reverse: (flow: number) => number): void {
    const { clientHello, serverHello } = this;
    if (clientHello === null || serverHello === null || serverHello.version !== DTLS_1_3) return;
    for (const [name, flow] of [
      ['CLIENT', this.clientFlow],
      ['SERVER', this.serverFlow(reverse)],
    ] as const) {
      const sender = this.senders.get(flow);
      const secret = keyLog.find(`${name}_HANDSHAKE_TRAFFIC_SECRET`, clientHello.random);
      if (sender === undefined || secret === null) continue;
      const open = dtls13Opener(cipherSuiteName(serverHello.cipherSuite), secret);
      for (const record of sender.hidden) {
        const plain = open === null ? null : open(record);
        if (plain === null || plain.type !== ContentType.Handshake) continue;
        for (const { header, bytes } of fragmentsOf(new Octets(plain.bytes))) {
          this.takeFragment(sender, header, bytes, record.frame, true);
        }
      }
    }
  }

  private takeFragment(
    sender: Sender,
    header: HandshakeHeader,
    bytes: Uint8Array,
    frame: number,
    isRevealed: boolean,
  ): void {
    const message = sender.messages.add(header, bytes, frame);
    if (message === null) return;
    if (sender.seen.length < MAX_MESSAGES) sender.seen.push({ ...message, body: new Uint8Array(0) });
    const body = new Octets(message.body);
    if (message.type === HandshakeType.ClientHello) this.takeClientHello(body);
    else if (message.type === HandshakeType.ServerHello) this.takeServerHello(body);
    else if (message.type === HandshakeType.EncryptedExtensions && isRevealed) this.takeExtensions(body);
    else if (message.type === HandshakeType.Certificate) {
      sender.certificates = parseCertificates(body, isRevealed)
        .slice(0, MAX_CERTIFICATES)
        .filter((der) => this.room.take(der.length))
        .map(dtlsCertificate);
    }
  }

  /** An encrypted record of the handshake; of version 1.3 with its octets. */
  takeProtected(flow: number, frame: number, record: HiddenRecord | null): void {
    const sender = this.sender(flow);
    if (sender.protectedFrame < 0) sender.protectedFrame = frame;
    if (record === null || sender.hidden.length >= MAX_HIDDEN_RECORDS || !this.room.take(record.bytes.length)) return;
    sender.hidden.push({ ...record, bytes: new Uint8Array(record.bytes) });
  }

  takeAlert(flow: number, frame: number, level: number, description: number): void {
    const { alerts } = this.sender(flow);
    if (alerts.length < MAX_ALERTS) alerts.push({ frame, level, description });
  }

  /** What it comes to; null where not even the sides are known. `reverse` gives the flow the other way, 0 for none. */
  conclude(index: number, reverse: (flow: number) => number): DtlsSession | null {
    const { clientHello, serverHello, clientFlow } = this;
    const serverFlow = this.serverFlow(reverse);
    if (clientFlow === 0 && serverFlow === 0) return null;
    const client = this.senders.get(clientFlow);
    const server = this.senders.get(serverFlow);
    const both = [client, server].filter((sender) => sender !== undefined);
    const isFinished = both.length > 0 && both.every(({ protectedFrame }) => protectedFrame >= 0);
    const isSeen = (sender: Sender | undefined, flow: number): number => (sender === undefined ? 0 : flow);
    return {
      index,
      clientFlow: isSeen(client, clientFlow),
      serverFlow: isSeen(server, serverFlow),
      version: serverHello?.version ?? 0,
      cipherSuite:
        serverHello === null ? null : { id: serverHello.cipherSuite, name: cipherSuiteName(serverHello.cipherSuite) },
      offeredProfiles: clientHello?.srtpProfiles ?? [],
      srtpProfile: serverHello?.srtpProfile ?? null,
      srtpMki: serverHello?.srtpMki ?? new Uint8Array(0),
      clientRandom: clientHello?.random ?? null,
      serverRandom: serverHello?.random ?? null,
      extendedMasterSecret: serverHello?.extendedMasterSecret ?? false,
      serverName: clientHello?.serverName ?? '',
      certificates: { client: client?.certificates ?? [], server: server?.certificates ?? [] },
      alerts: merged(client, server, ({ alerts }, fromClient): DtlsAlert[] =>
        alerts.map((alert) => ({ ...alert, fromClient })),
      ),
      messages: merged(client, server, ({ seen }, fromClient): DtlsMessage[] =>
        seen.map(({ frame, type, messageSequence }) => ({ frame, fromClient, handshakeType: type, messageSequence })),
      ),
      firstFrame: this.firstFrame,
      finishedFrame: isFinished ? Math.max(...both.map(({ protectedFrame }) => protectedFrame)) : -1,
      isComplete: isFinished && both.length === 2 && clientHello !== null && serverHello !== null,
    };
  }

  private takeClientHello(body: Octets): void {
    const hello = parseClientHello(body);
    if (hello === null) return;
    const { random, serverName, srtpProfiles } = hello;
    // No more is kept than is needed: a hello can be long.
    this.clientHello = {
      random,
      serverName: serverName.slice(0, MAX_NAME),
      srtpProfiles: srtpProfiles.slice(0, MAX_PROFILES),
    };
  }

  private takeServerHello(body: Octets): void {
    const hello = parseServerHello(body);
    if (hello === null || hello.isHelloRetryRequest) return;
    const { version, cipherSuite, random, srtpProfile, srtpMki, extendedMasterSecret } = hello;
    this.serverHello = { version, cipherSuite, random, srtpProfile, srtpMki, extendedMasterSecret };
  }

  private takeExtensions(body: Octets): void {
    const facts = parseEncryptedExtensions(body);
    if (facts === null || this.serverHello === null) return;
    this.serverHello = {
      ...this.serverHello,
      srtpProfile: facts.srtpProfiles.at(0) ?? null,
      srtpMki: facts.srtpMki,
    };
  }

  private serverFlow(reverse: (flow: number) => number): number {
    if (this.clientFlow !== 0) return reverse(this.clientFlow);
    // Only the server was captured.
    for (const [flow, { seen }] of this.senders) if (seen.some(({ type }) => FROM_SERVER.has(type))) return flow;
    return 0;
  }

  private sender(flow: number): Sender {
    let sender = this.senders.get(flow);
    if (sender === undefined) this.senders.set(flow, (sender = new Sender(this.room)));
    return sender;
  }
}

/** What both sides have, in order of capture. */
function merged<T extends { readonly frame: number }>(
  client: Sender | undefined,
  server: Sender | undefined,
  of: (sender: Sender, fromClient: boolean) => T[],
): T[] {
  const all = [...(client === undefined ? [] : of(client, true)), ...(server === undefined ? [] : of(server, false))];
  return all.toSorted((a, b) => a.frame - b.frame);
}
