/** What the capture shows of a DTLS handshake (RFC 6347, RFC 9147), as DTLS-SRTP uses it (RFC 5764). */

export const DTLS_1_0 = 0xfeff;
export const DTLS_1_3 = 0xfefc;

export interface DtlsCertificate {
  readonly der: Uint8Array;
  /** As a=fingerprint writes them (RFC 8122 section 5): `AB:CD:…`. */
  readonly fingerprints: {
    readonly 'sha-1': string;
    readonly 'sha-224': string;
    readonly 'sha-256': string;
    readonly 'sha-384': string;
    readonly 'sha-512': string;
  };
  /** A line for a person; '' where it cannot be read. */
  readonly subject: string;
}

export interface DtlsAlert {
  readonly frame: number;
  readonly fromClient: boolean;
  readonly level: number;
  readonly description: number;
}

export interface DtlsMessage {
  /** 0-based frame that held it, or began it. */
  readonly frame: number;
  readonly fromClient: boolean;
  readonly handshakeType: number;
  readonly messageSequence: number;
}

export interface DtlsSession {
  /** Place in the tracker's list. */
  readonly index: number;
  /** Flow numbers of what client and server send; 0 where that was not seen. */
  readonly clientFlow: number;
  readonly serverFlow: number;
  /** Negotiated, 0xfeff (1.0), 0xfefd (1.2) or 0xfefc (1.3); 0 before the ServerHello. */
  readonly version: number;
  readonly cipherSuite: { readonly id: number; readonly name: string } | null;
  /** SRTP protection profiles (RFC 5764 section 4.1.2) that the client offers. */
  readonly offeredProfiles: readonly number[];
  /** The one chosen; null where none was, or where version 1.3 hides it and no secret shows it. */
  readonly srtpProfile: number | null;
  readonly srtpMki: Uint8Array;
  readonly clientRandom: Uint8Array | null;
  readonly serverRandom: Uint8Array | null;
  readonly extendedMasterSecret: boolean;
  readonly serverName: string;
  /** The peer's own first; version 1.3 hides them. */
  readonly certificates: { readonly client: readonly DtlsCertificate[]; readonly server: readonly DtlsCertificate[] };
  /** In order of capture, up to a few. */
  readonly alerts: readonly DtlsAlert[];
  readonly messages: readonly DtlsMessage[];
  /** 0-based frame of the first message. */
  readonly firstFrame: number;
  /** Frame by which both sides had switched to encryption; -1 where that was not seen. */
  readonly finishedFrame: number;
  /** Both hellos were seen, and both sides' switch to encryption. */
  readonly isComplete: boolean;
}
