/** One chunk of HEP3 in the detail tree. */
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';
import { Chunk, type ChunkLayout, chunkLayout, chunkSize, vendorName } from './chunk-types.ts';
import { describePayload } from './describe-payload.ts';
import { addressText, transportName } from './header-text.ts';
import { protocolTypeName } from './protocol-types.ts';
import { CHUNK_HEADER, type HepMessage, ipVersionOf } from './read-message.ts';

/** Shown in place of a key, however long it is. */
const MASKED = '••••••••';

/** Adds the chunk from `at` to `end`; `isCut` says that the capture may have ended it. */
export function describeChunk(
  data: Octets,
  at: number,
  end: number,
  isCut: boolean,
  message: HepMessage,
  tree: TreeBuilder,
): void {
  const vendor = data.u16(at);
  const type = data.u16(at + 2);
  const length = data.u16(at + 4);
  const layout = vendor === 0 ? chunkLayout(type) : null;
  const hex = `0x${data.hex(at + 2, 2)}`;
  const label = layout?.label ?? (vendor === 0 ? `Unknown chunk ${hex}` : `${vendorName(vendor)} chunk ${hex}`);
  tree.group('hep.chunk', label, at, end - at, '', () => {
    tree.field('hep.chunk.vendor', 'Vendor', at, 2, vendor, vendorName(vendor));
    tree.field('hep.chunk.type', 'Type', at + 2, 2, type, layout?.label ?? '');
    tree.field('hep.chunk.length', 'Length', at + 4, 2, length, 'octets');
    if (at + length > end) {
      const text = `The chunk says ${length} octets, ${end - at} are left in the message`;
      tree.fault(isCut ? 'truncated' : 'hep-chunk-length', text, at + 4, 2);
    }
    const size = vendor === 0 ? chunkSize(type) : 0;
    if (size !== 0 && length !== CHUNK_HEADER + size) {
      tree.fault('hep-chunk-size', `The value of ${label} has ${size} octets`, at + 4, 2);
    }
    const value = at + CHUNK_HEADER;
    const held = end - value;
    if (held <= 0) return;
    if (layout === null || held < size || length !== CHUNK_HEADER + (size || length - CHUNK_HEADER)) {
      tree.field('hep.chunk.value', 'Value', value, held, data.hex(value, held));
    } else {
      describeValue(data, value, held, type, layout, message, tree, isCut);
    }
  });
}

function describeValue(
  data: Octets,
  at: number,
  length: number,
  type: number,
  { name, label, kind }: ChunkLayout,
  message: HepMessage,
  tree: TreeBuilder,
  isCut: boolean,
): void {
  const id = `hep.${name}`;
  switch (kind) {
    case 'u8':
      tree.field(id, label, at, 1, data.u8(at), meaningOf(type, data.u8(at)));
      break;
    case 'u16':
      tree.field(id, label, at, 2, data.u16(at));
      break;
    case 'u32':
      tree.field(id, label, at, 4, data.u32(at));
      break;
    case 'ipv4':
      tree.field(id, label, at, 4, addressText(data, at, 4));
      break;
    case 'ipv6':
      tree.field(id, label, at, 16, addressText(data, at, 6));
      break;
    case 'mac':
      // Of 8 octets the last 6 are the address: the registry counts it as a number.
      tree.field(id, label, at, 8, data.hex(at + 2, 6).replace(/..(?=.)/g, '$&:'));
      break;
    case 'text':
      tree.field(id, label, at, length, data.text(at, length));
      break;
    case 'secret':
      tree.field(id, label, at, length, MASKED);
      break;
    case 'octets':
      if (at === message.payloadAt) describePayload(data, message, tree, isCut);
      else tree.field(id, label, at, length, data.hex(at, length));
      break;
  }
}

function meaningOf(type: number, value: number): string {
  switch (type) {
    case Chunk.IpFamily:
      return ipVersionOf(value) === 0 ? '' : `IPv${ipVersionOf(value)}`;
    case Chunk.IpProtocol:
      return transportName(value);
    case Chunk.ProtocolType:
      return protocolTypeName(value);
    default:
      return '';
  }
}
