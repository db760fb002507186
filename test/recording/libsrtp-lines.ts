/** Protects the packets of srtp-vectors.json anew and prints them as lines for `libsrtp-vectors verify`. */
import { readFileSync } from 'node:fs';
import { NodeCiphers } from '../../engine/srtp/node-ciphers.ts';
import { SrtpReceiver } from '../../media/srtp/receiver.ts';
import { SrtpKeys } from '../../media/srtp/session-keys.ts';
import { indexOfPacket, type LibsrtpVectors, policyOfCase } from '../../media/srtp/testing/libsrtp-vectors.ts';
import { fromHex, toHex } from '../../media/srtp/testing/policies.ts';
import { protectRtcp, protectRtp } from '../../media/srtp/testing/protect.ts';

const { cases }: LibsrtpVectors = JSON.parse(readFileSync('test/captures/srtp-vectors.json', 'utf8'));
for (const each of cases) {
  const keys = new SrtpKeys(policyOfCase(each), new NodeCiphers());
  // Of AES-192, takes over libsrtp's key derivation.
  const [, first] = each.rtp[0];
  new SrtpReceiver(keys, each.roc).unprotect(fromHex(first), 0, first.length / 2);
  const ssrc = each.rtp[0][0].slice(16, 24);
  const ids = each.encryptedExtensions.join(',') || '-';
  const name = each.name.replaceAll(' ', '-');
  console.log(`case ${name} ${each.suite} ${each.keyAndSalt} ${each.mki || '-'} ${ssrc} ${each.roc} ${ids}`);
  for (const [nth, [plain]] of each.rtp.entries()) {
    console.log(`rtp ${toHex(protectRtp(keys, fromHex(plain), indexOfPacket(each, nth)))} ${plain}`);
  }
  // libsrtp 2.5 looks for the MKI of RTCP packets before a tag as long as that of RTP.
  const isFound = each.mki === '' || keys.policy.suite.rtpTagBytes === keys.policy.suite.rtcpTagBytes;
  for (const [nth, [plain]] of (isFound ? each.rtcp : []).entries()) {
    console.log(`rtcp ${toHex(protectRtcp(keys, fromHex(plain), nth + 1))} ${plain}`);
  }
}
