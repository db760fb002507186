/** What SRTP does to the packets of one sender, in libsrtp's words: suite, master key, policy. */

/** RFC 3711 section 4, RFC 6188, RFC 7714; `null` is RFC 3711 section 4.1.3 (the NULL cipher). */
export type SrtpCipher = 'aes-cm' | 'aes-f8' | 'aes-gcm' | 'null';

/** A crypto suite: how RTP and RTCP are encrypted and authenticated. Lengths in octets. */
export interface SrtpSuite {
  /** As a=crypto writes it (RFC 4568 section 6.2, RFC 6188, RFC 7714), e.g. `AES_CM_128_HMAC_SHA1_80`. */
  readonly name: string;
  readonly cipher: SrtpCipher;
  /** Master key and session key alike. */
  readonly keyBytes: number;
  readonly saltBytes: number;
  /** Authentication tag of RTP and of RTCP packets; of GCM, the AEAD tag. 0: not authenticated. */
  readonly rtpTagBytes: number;
  readonly rtcpTagBytes: number;
}

/** Everything that decides how a sender's packets are opened. */
export interface SrtpPolicy {
  readonly suite: SrtpSuite;
  readonly masterKey: Uint8Array;
  readonly masterSalt: Uint8Array;
  /** The value a packet carries before its tag; empty for none (RFC 3711 section 3.1). */
  readonly mki: Uint8Array;
  /** Packets a session key serves, 0 for ever (RFC 3711 section 4.3.1). */
  readonly keyDerivationRate: number;
  /** False with UNENCRYPTED_SRTP, UNENCRYPTED_SRTCP, UNAUTHENTICATED_SRTP (RFC 4568 section 6.3). */
  readonly encryptsRtp: boolean;
  readonly encryptsRtcp: boolean;
  readonly authenticatesRtp: boolean;
  /** Ids of header extension elements that are encrypted (RFC 6904); empty for none. */
  readonly encryptedExtensions: readonly number[];
}
