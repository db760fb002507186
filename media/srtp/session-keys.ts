import type { Ciphers } from './ciphers.ts';
import { Ghash } from './ghash.ts';
import { HmacSha1 } from './hmac-sha1.ts';
import { wordAt } from './packet-layout.ts';
import type { SrtpPolicy } from './policy.ts';

/** What one direction's packets are opened with: of RTP or of RTCP, of one stretch of packet indices. */
export interface SessionKeys {
  readonly cipherKey: Uint8Array;
  readonly salt: Uint8Array;
  /** The salt as the four words of a counter block, filled up with zeros. */
  readonly saltWords: Int32Array;
  /** Null where the suite is GCM or does not authenticate. */
  readonly hmac: HmacSha1 | null;
  /** Null where the suite is not GCM. */
  readonly ghash: Ghash | null;
  /** For header extension elements (RFC 6904 section 3.1); null for RTCP and where none are encrypted. */
  readonly headerKey: Uint8Array | null;
  /** As long as the suite's salt: of GCM two octets shorter than counter mode has it, and filled up with zeros. */
  readonly headerSalt: Uint8Array | null;
  readonly headerSaltWords: Int32Array;
}

export interface MasterSecret {
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
}

/** Labels of RFC 3711 section 4.3 and RFC 6904 section 3.1. */
const RTP_LABEL = 0;
const RTCP_LABEL = 3;
const CIPHER = 0;
const AUTHENTICATION = 1;
const SALT = 2;
const HEADER_CIPHER_LABEL = 6;
const HEADER_SALT_LABEL = 7;

const BLOCK_BYTES = 16;
const DERIVATION_SALT_BYTES = 14;
const AUTHENTICATION_KEY_BYTES = 20;
const AES_192_BYTES = 24;
const AES_256_BYTES = 32;
const TWO_TO_32 = 2 ** 32;

/**
 * The session keys of one master key (RFC 3711 section 4.3), the same for all senders that share it. With a key
 * derivation rate they change with the packet index; the latest are kept.
 */
export class SrtpKeys {
  readonly policy: SrtpPolicy;
  readonly ciphers: Ciphers;
  private rtpEpoch = -1;
  private rtpKeys: SessionKeys | null = null;
  private rtcpEpoch = -1;
  private rtcpKeys: SessionKeys | null = null;
  private master: MasterSecret;
  private isDerivationKnown: boolean;

  constructor(policy: SrtpPolicy, ciphers: Ciphers) {
    this.policy = policy;
    this.ciphers = ciphers;
    this.master = masterSecret(policy);
    this.isDerivationKnown = policy.suite.keyBytes !== AES_192_BYTES;
  }

  /**
   * Whether an attempt to authenticate something with these keys succeeds. Of AES-192 there are two derivations: that of
   * RFC 6188, and that of libsrtp, which many use; the first that proves itself stays.
   */
  attempt(authenticates: () => boolean): boolean {
    if (authenticates()) {
      this.isDerivationKnown = true;
      return true;
    }
    if (this.isDerivationKnown) return false;
    this.useMaster(libsrtp192Secret(this.policy));
    if (authenticates()) {
      this.isDerivationKnown = true;
      return true;
    }
    this.useMaster(masterSecret(this.policy));
    return false;
  }

  /** For the RTP packet of this index (rollover counter × 65,536 + sequence number). */
  rtp(index: number): SessionKeys {
    const epoch = this.epoch(index);
    if (this.rtpKeys === null || epoch !== this.rtpEpoch) {
      this.rtpKeys = this.derive(RTP_LABEL, epoch);
      this.rtpEpoch = epoch;
    }
    return this.rtpKeys;
  }

  /** For the RTCP packet of this index. */
  rtcp(index: number): SessionKeys {
    const epoch = this.epoch(index);
    if (this.rtcpKeys === null || epoch !== this.rtcpEpoch) {
      this.rtcpKeys = this.derive(RTCP_LABEL, epoch);
      this.rtcpEpoch = epoch;
    }
    return this.rtcpKeys;
  }

  private useMaster(master: MasterSecret): void {
    this.master = master;
    this.rtpKeys = null;
    this.rtcpKeys = null;
  }

  private epoch(index: number): number {
    const rate = this.policy.keyDerivationRate;
    return rate > 0 ? Math.floor(index / rate) : 0;
  }

  private derive(first: number, epoch: number): SessionKeys {
    const { suite, encryptedExtensions } = this.policy;
    const bytes = (label: number, length: number) => deriveBytes(this.master, this.ciphers, label, epoch, length);
    const cipherKey = bytes(first + CIPHER, suite.keyBytes);
    const isGcm = suite.cipher === 'aes-gcm';
    const isAuthenticated = (first === RTP_LABEL ? suite.rtpTagBytes : suite.rtcpTagBytes) > 0;
    const hasHeaderKeys = first === RTP_LABEL && encryptedExtensions.length > 0;
    const salt = bytes(first + SALT, suite.saltBytes);
    const headerSalt = hasHeaderKeys ? bytes(HEADER_SALT_LABEL, suite.saltBytes) : null;
    return {
      cipherKey,
      salt,
      saltWords: blockWords(salt),
      hmac: isAuthenticated && !isGcm ? new HmacSha1(bytes(first + AUTHENTICATION, AUTHENTICATION_KEY_BYTES)) : null,
      ghash: isGcm ? new Ghash(this.ciphers.aesBlocks(cipherKey, new Uint8Array(BLOCK_BYTES)).slice()) : null,
      headerKey: hasHeaderKeys ? bytes(HEADER_CIPHER_LABEL, suite.keyBytes) : null,
      headerSalt,
      headerSaltWords: blockWords(headerSalt ?? new Uint8Array(0)),
    };
  }
}

/**
 * `length` octets of the AES-CM PRF of RFC 3711 section 4.3.3 (RFC 6188 section 3 for longer keys). `epoch`: the packet
 * index DIV the key derivation rate. A salt of 12 octets counts as one of 14 that ends in zeros (RFC 7714 section 11).
 */
export function deriveBytes(
  { key, salt }: MasterSecret,
  ciphers: Ciphers,
  label: number,
  epoch: number,
  length: number,
): Uint8Array {
  const blocks = new Uint8Array(Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES);
  const view = new DataView(blocks.buffer);
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES) {
    blocks.set(salt.subarray(0, DERIVATION_SALT_BYTES), at);
    blocks[at + 7] ^= label;
    view.setUint16(at + 8, view.getUint16(at + 8) ^ Math.floor(epoch / TWO_TO_32));
    view.setUint32(at + 10, view.getUint32(at + 10) ^ (epoch >>> 0));
    view.setUint16(at + 14, at / BLOCK_BYTES);
  }
  return ciphers.aesBlocks(key, blocks).slice(0, length);
}

function blockWords(octets: Uint8Array): Int32Array {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(octets);
  return Int32Array.of(wordAt(block, 0), wordAt(block, 4), wordAt(block, 8), wordAt(block, 12));
}

/** The cipher takes keys of exactly these lengths; what was entered may be shorter or longer. */
export function masterSecret({ suite, masterKey, masterSalt }: SrtpPolicy): MasterSecret {
  const key = new Uint8Array(suite.keyBytes);
  key.set(masterKey.subarray(0, suite.keyBytes));
  return { key, salt: masterSalt };
}

/**
 * What libsrtp 2 takes for the master secret of AES-192: it derives with AES-256, whose key then takes the first octets of
 * the salt as well.
 */
function libsrtp192Secret({ masterKey, masterSalt }: SrtpPolicy): MasterSecret {
  const both = new Uint8Array(AES_256_BYTES + DERIVATION_SALT_BYTES);
  both.set(masterKey.subarray(0, AES_192_BYTES));
  both.set(masterSalt.subarray(0, DERIVATION_SALT_BYTES), AES_192_BYTES);
  return { key: both.slice(0, AES_256_BYTES), salt: both.slice(AES_256_BYTES) };
}
