/**
 * The header extension in the detail tree: RFC 3550, section 5.3.1, with the one-byte and two-byte elements of
 * RFC 8285, section 4. What an element id means is signalled (`a=extmap`), so ids, lengths and octets are shown.
 */
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';

const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;

/** Adds the extension that begins at `at`, and gives the offset after it, at most the end of the view. */
export function describeHeaderExtension(data: Octets, at: number, tree: TreeBuilder, truncated: boolean): number {
  if (at + 4 > data.length) {
    const code = truncated ? 'truncated' : 'rtp-extension-length';
    tree.fault(code, 'The header extension has no header', at, data.length - at);
    return data.length;
  }
  const profile = data.u16(at);
  const length = data.u16(at + 2) * 4;
  const from = at + 4;
  const end = Math.min(from + length, data.length);
  tree.group('rtp.hdr_exts', 'Header extension', at, end - at, `${profileName(profile)}, ${length} octets`, () => {
    tree.field('rtp.ext.profile', 'Defined by profile', at, 2, profile, profileName(profile));
    tree.field('rtp.ext.len', 'Extension length', at + 2, 2, length / 4, `${length} octets`);
    if (profile === ONE_BYTE_PROFILE) oneByteElements(data, from, end, tree);
    else if ((profile & 0xfff0) === TWO_BYTE_PROFILE) twoByteElements(data, from, end, profile & 0x0f, tree);
    else words(data, from, end, tree);
  });
  if (from + length > data.length) {
    const code = truncated ? 'truncated' : 'rtp-extension-length';
    tree.fault(code, `The extension says ${length} octets, ${end - from} are there`, at + 2, 2);
  }
  return end;
}

function profileName(profile: number): string {
  if (profile === ONE_BYTE_PROFILE) return 'RFC 8285 one-byte header';
  if ((profile & 0xfff0) === TWO_BYTE_PROFILE) return 'RFC 8285 two-byte header';
  return `0x${profile.toString(16).padStart(4, '0')}`;
}

/** An extension of another profile, word by word; a cut one may end in a part of a word. */
function words(data: Octets, from: number, end: number, tree: TreeBuilder): void {
  let at = from;
  for (; at + 4 <= end; at += 4) tree.field('rtp.hdr_ext', 'Data', at, 4, data.u32(at), `0x${data.hex(at, 4)}`);
  if (at < end) tree.field('rtp.hdr_ext', 'Data', at, end - at, data.hex(at, end - at));
}

/** RFC 8285, section 4.2: id in the high four bits, length minus one in the low four. */
function oneByteElements(data: Octets, from: number, end: number, tree: TreeBuilder): void {
  for (let at = from; at < end; ) {
    const first = data.u8(at);
    if (first === 0) {
      at = padding(data, at, end, tree);
      continue;
    }
    const id = first >> 4;
    if (id === 15 || id === 0) {
      // Section 4.2: id 15, and id 0 with a length, end the processing, whatever follows.
      tree.field('rtp.ext.rfc5285.id', 'Identifier', at, 1, id, 'stop: the rest is not read');
      if (end > at + 1)
        tree.field('rtp.ext.rfc5285.data', 'Not read', at + 1, end - at - 1, data.hex(at + 1, end - at - 1));
      return;
    }
    at = element(data, at, 1, id, (first & 0x0f) + 1, end, tree);
  }
}

/** RFC 8285, section 4.3: an octet of id and one of length, which may be 0. */
function twoByteElements(data: Octets, from: number, end: number, appBits: number, tree: TreeBuilder): void {
  tree.field('rtp.ext.rfc5285.appbits', 'Application bits', from - 4, 2, appBits);
  for (let at = from; at < end; ) {
    const id = data.u8(at);
    if (id === 0) {
      at = padding(data, at, end, tree);
    } else if (at + 2 > end) {
      tree.field('rtp.ext.rfc5285.data', 'Not read', at, 1, data.hex(at, 1));
      tree.fault('rtp-extension-element', 'An element without a length', at, 1);
      return;
    } else {
      at = element(data, at, 2, id, data.u8(at + 1), end, tree);
    }
  }
}

function element(
  data: Octets,
  at: number,
  headerLength: number,
  id: number,
  length: number,
  end: number,
  tree: TreeBuilder,
): number {
  const from = at + headerLength;
  const held = Math.min(length, end - from);
  tree.group('rtp.ext.rfc5285', `Element ${id}`, at, headerLength + held, data.hex(from, held), () => {
    tree.field('rtp.ext.rfc5285.id', 'Identifier', at, 1, id);
    tree.field('rtp.ext.rfc5285.len', 'Length', at + headerLength - 1, 1, length);
    if (held > 0) tree.field('rtp.ext.rfc5285.data', 'Data', from, held, data.hex(from, held));
  });
  if (held < length) {
    const message = `Element ${id} says ${length} octets, ${held} are there`;
    tree.fault('rtp-extension-element', message, at, headerLength + held);
  }
  return from + held;
}

/** Shows the run of zero octets at `at`, and gives the offset after it. */
function padding(data: Octets, at: number, end: number, tree: TreeBuilder): number {
  let next = at + 1;
  while (next < end && data.u8(next) === 0) next++;
  tree.field('rtp.ext.padding', 'Padding', at, next - at, data.hex(at, next - at));
  return next;
}
