/** The detail fields inside a= lines. */
import { hexOf, octetsOfBase64 } from '../../base/octet-text.ts';
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';
import { fieldsOf, type LinePart, wordField } from './line-parts.ts';
import { parseCrypto } from './parse-crypto.ts';

/** The words of attributes that have several, by lower-case name. */
const PARTS: Readonly<Record<string, readonly LinePart[]>> = {
  rtpmap: [
    ['sdp.media.format', 'Payload type'],
    ['sdp.mime.type', 'Encoding'],
    ['sdp.sample_rate', 'Clock rate, Hz', '/'],
    ['sdp.channels', 'Channels', '/'],
  ],
  fmtp: [
    ['sdp.media.format', 'Payload type'],
    ['sdp.fmtp.parameter', 'Parameters', '*'],
  ],
  candidate: [
    ['sdp.ice_candidate.foundation', 'Foundation'],
    ['sdp.ice_candidate.componentid', 'Component'],
    ['sdp.ice_candidate.transport', 'Transport'],
    ['sdp.ice_candidate.priority', 'Priority'],
    ['sdp.ice_candidate.address', 'Address'],
    ['sdp.ice_candidate.port', 'Port'],
    ['sdp.ice_candidate.typ', 'Keyword'],
    ['sdp.ice_candidate.type', 'Type'],
    ['sdp.ice_candidate.extension', 'Extension', '*'],
  ],
  fingerprint: [
    ['sdp.fingerprint.hash', 'Hash function'],
    ['sdp.fingerprint.value', 'Fingerprint'],
  ],
  rtcp: [
    ['sdp.rtcp.port', 'RTCP port'],
    ['sdp.connection_info.network_type', 'Network type'],
    ['sdp.connection_info.address_type', 'Address type'],
    ['sdp.connection_info.address', 'Address'],
  ],
  extmap: [
    ['sdp.extmap.id', 'ID'],
    ['sdp.extmap.direction', 'Direction', '/'],
    ['sdp.extmap.uri', 'Extension'],
  ],
  ssrc: [
    ['sdp.ssrc.id', 'SSRC'],
    ['sdp.ssrc.attribute', 'Source attribute', '*'],
  ],
  group: [
    ['sdp.group.semantics', 'Semantics'],
    ['sdp.group.mid', 'Media section', '*'],
  ],
};

/** Shows the attribute between `from` (after `a=`) and `to`. */
export function describeAttribute(
  data: Octets,
  latin1: string,
  from: number,
  to: number,
  inMedia: boolean,
  tree: TreeBuilder,
): void {
  const colon = latin1.indexOf(':', from);
  const nameEnd = colon < 0 || colon >= to ? to : colon;
  const prefix = inMedia ? 'sdp.media_attribute' : 'sdp.session_attr';
  tree.field(`${prefix}.field`, 'Name', from, nameEnd - from, data.text(from, nameEnd - from));
  if (nameEnd >= to) return;
  let value = nameEnd + 1;
  while (value < to && latin1[value] === ' ') value++;
  const name = latin1.slice(from, nameEnd).toLowerCase();
  const inside = (): void => {
    if (name === 'crypto') describeCrypto(data, latin1, value, to, tree);
    else fieldsOf(data, latin1, value, to, PARTS[name], tree);
  };
  const text = data.text(value, to - value);
  if (name !== 'crypto' && PARTS[name] === undefined) tree.field(`${prefix}.value`, 'Value', value, to - value, text);
  else tree.group(`${prefix}.value`, 'Value', value, to - value, text, inside);
}

/** `<tag> <suite> <key parameters> [session parameters]` (RFC 4568 section 9.1). */
function describeCrypto(data: Octets, latin1: string, from: number, to: number, tree: TreeBuilder): void {
  const words = [...latin1.slice(from, to).matchAll(/\S+/g)].map((match) => ({
    at: from + match.index,
    end: from + match.index + match[0].length,
  }));
  const crypto = parseCrypto(latin1.slice(from, to));
  const [tag, suite, keyParams, ...rest] = words;
  if (tag !== undefined) wordField(data, latin1, tag.at, tag.end, 'sdp.crypto.tag', 'Tag', tree);
  if (suite !== undefined) wordField(data, latin1, suite.at, suite.end, 'sdp.crypto.crypto_suite', 'Suite', tree);
  if (keyParams !== undefined) {
    const { at, end } = keyParams;
    tree.group('sdp.key_and_salt', 'Key parameters', at, end - at, latin1.slice(at, end), () => {
      if (crypto === null) return;
      let keyAt = at;
      for (const key of crypto.keys) {
        keyAt = latin1.indexOf(':', keyAt) + 1;
        const octets = octetsOfBase64(key.key) ?? new Uint8Array(0);
        const saltLength = octets.length > 14 ? saltLengthOf(crypto.suite) : 0;
        const keyHex = hexOf(octets.subarray(0, octets.length - saltLength));
        tree.field('sdp.crypto.master_key', 'Master key', keyAt, key.key.length, keyHex);
        tree.field(
          'sdp.crypto.master_salt',
          'Master salt',
          keyAt,
          key.key.length,
          hexOf(octets.subarray(octets.length - saltLength)),
        );
        if (key.lifetime !== null) tree.field('sdp.crypto.lifetime', 'Lifetime', keyAt, key.key.length, key.lifetime);
        if (key.mki !== null)
          tree.field('sdp.crypto.mki-valu', 'MKI', keyAt, key.key.length, key.mki, `${key.mkiLength} octets`);
        keyAt += key.key.length;
      }
    });
  }
  for (const { at, end } of rest)
    wordField(data, latin1, at, end, 'sdp.crypto.session_parameter', 'Session parameter', tree);
}

/** Octets of salt after the key: 12 for AES-GCM (RFC 7714 section 14.2), 14 for the others (RFC 4568 6.2). */
function saltLengthOf(suite: string): number {
  return /GCM/i.test(suite) ? 12 : 14;
}
