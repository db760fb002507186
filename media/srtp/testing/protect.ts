/** The way out, for tests: what a sender does to its packets. Ciphers in counter mode are their own inverse. */
import { CounterKeystream } from '../keystream.ts';
import { F8Keystream } from '../f8-keystream.ts';
import { SrtpOpener } from '../opener.ts';
import { rtpHeaderBytes, sequenceOf, wordAt } from '../packet-layout.ts';
import { rtpTagBytes, rtpTrailerBytes } from '../rtp-tags.ts';
import type { SrtpKeys } from '../session-keys.ts';
import { GCM_TAG_COUNTER, gcmRtpVector, rolloverOf, rtcpVector } from '../vectors.ts';

const CLEAR_RTCP_BYTES = 8;
const ENCRYPTED_FLAG = 0x80000000;

/** The SRTP packet of an RTP packet at this index. */
export function protectRtp(keys: SrtpKeys, plain: Uint8Array, index: number): Uint8Array {
  const { policy } = keys;
  const session = keys.rtp(index);
  const opener = new SrtpOpener(keys);
  opener.queue(
    joined(plain, new Uint8Array(rtpTrailerBytes(policy))),
    0,
    plain.length + rtpTrailerBytes(policy),
    index,
  );
  opener.flush();
  const body = opener.plain(0).slice();
  const tag = new Uint8Array(rtpTagBytes(policy));
  const roc = rolloverOf(index);
  if (session.ghash !== null) {
    const header = policy.encryptsRtp ? rtpHeaderBytes(body, 0, body.length) : body.length;
    session.ghash.reset();
    session.ghash.update(body, 0, header);
    session.ghash.update(body, header, body.length - header);
    session.ghash.finish(header, body.length - header);
    const vector = new Int32Array(4);
    gcmRtpVector(vector, session.saltWords, wordAt(body, 8), roc, sequenceOf(body, 0));
    session.ghash.write(tag, 0, tag.length, blockOf(keys, session.cipherKey, vector), 0);
    return joined(body, tag, policy.mki);
  }
  session.hmac?.absorb(body, 0, body.length);
  session.hmac?.finishWith(roc);
  session.hmac?.write(tag, 0, tag.length);
  return joined(body, policy.mki, tag);
}

/** The SRTCP packet of a compound RTCP packet at this index. */
export function protectRtcp(keys: SrtpKeys, plain: Uint8Array, index: number): Uint8Array {
  const { policy, ciphers } = keys;
  const session = keys.rtcp(index);
  const isEncrypted = policy.encryptsRtcp && policy.suite.cipher !== 'null';
  const trailer = isEncrypted ? index | ENCRYPTED_FLAG : index;
  const word = new Uint8Array(4);
  new DataView(word.buffer).setInt32(0, trailer);
  const vector = new Int32Array(4);
  rtcpVector(vector, policy.suite.cipher, session.saltWords, plain, 0, trailer);
  const body = plain.slice();
  if (isEncrypted) {
    const stream =
      policy.suite.cipher === 'aes-f8' ? new F8Keystream(ciphers, session.salt) : new CounterKeystream(ciphers);
    stream.add(vector[0], vector[1], vector[2], vector[3], Math.ceil((plain.length - CLEAR_RTCP_BYTES) / 16));
    const key = stream.run(session.cipherKey);
    for (let i = CLEAR_RTCP_BYTES; i < body.length; i++) body[i] ^= key[i - CLEAR_RTCP_BYTES];
  }
  const tag = new Uint8Array(policy.suite.rtcpTagBytes);
  if (session.ghash !== null) {
    const clear = isEncrypted ? CLEAR_RTCP_BYTES : body.length;
    const associated = joined(body.subarray(0, clear), word);
    session.ghash.reset();
    session.ghash.update(associated, 0, associated.length);
    session.ghash.update(body, clear, body.length - clear);
    session.ghash.finish(associated.length, body.length - clear);
    vector[3] = GCM_TAG_COUNTER;
    session.ghash.write(tag, 0, tag.length, blockOf(keys, session.cipherKey, vector), 0);
    return joined(body, tag, word, policy.mki);
  }
  const authenticated = joined(body, word);
  session.hmac?.absorb(authenticated, 0, authenticated.length);
  session.hmac?.finish();
  session.hmac?.write(tag, 0, tag.length);
  return joined(authenticated, policy.mki, tag);
}

function blockOf({ ciphers }: SrtpKeys, key: Uint8Array, vector: Int32Array): Uint8Array {
  const block = new Uint8Array(16);
  const view = new DataView(block.buffer);
  vector.forEach((word, i) => view.setInt32(4 * i, word));
  return ciphers.aesBlocks(key, block).slice();
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
