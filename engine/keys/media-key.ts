import type { SrtpPolicy } from '../../media/srtp/policy.ts';

export type KeySource = 'sdes' | 'dtls' | 'manual';

/** A key for SRTP, and where it came from. It opens what its own side sends. */
export interface MediaKey {
  readonly source: KeySource;
  readonly policy: SrtpPolicy;
  /** Call index, -1 where it belongs to none. */
  readonly call: number;
  /** Whose packets it opens: of SDES by offer and answer, of DTLS by client and server; null where nothing says. */
  readonly side: 'offer' | 'answer' | 'client' | 'server' | null;
  /** 0-based frame that brought it, -1 where none did. */
  readonly frame: number;
  /** SDP row, -1 where none. */
  readonly sdpRow: number;
  /** Of a=crypto (RFC 4568 section 4), -1 where there is none. */
  readonly tag: number;
  /** As written, e.g. `2^31`; null for none. */
  readonly lifetime: string | null;
  /** Flow of the DTLS handshake from the side whose packets it opens, 0 where there is none. */
  readonly flow: number;
  /** Manual keys: whose packets, as given. */
  readonly scope: ManualScope | null;
}

/** Whose packets a key entered by hand opens; all null: anybody's, which authentication decides. */
export interface ManualScope {
  readonly ssrc: number | null;
  /** `10.0.0.1:4000` as flows write it, source or destination of the media. */
  readonly endpoint: string | null;
  /** Call id, as rows have it, or a Call-ID. */
  readonly call: string | null;
}
