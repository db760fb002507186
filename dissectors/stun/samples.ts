/** Messages for tests and fuzzing, in hexadecimal: those of RFC 5769, of RFC 8489 appendix B, and some made by hand. */

/** Octets of a text. */
const ascii = (text: string): string => Array.from(text, (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');

/** A message of these attributes, its length counted; without a cookie the first word of `id` is another. */
function message(type: string, id: string, attributes: string): string {
  const length = attributes.replace(/\s/g, '').length / 2;
  return `${type}${length.toString(16).padStart(4, '0')} ${id} ${attributes}`;
}

/** Cookie and transaction ID of RFC 5769, section 2.1. */
const ID = '2112a442 b7e7a701bc34d686fa87dfae';
/** Those of section 2.4, and of RFC 8489, appendix B.1. */
const LONG_TERM_ID = '2112a442 78ad3433c6ad72c029da412e';
const CLASSIC_ID = '0f0e0d0c b7e7a701bc34d686fa87dfae';
/** 10.0.0.1:4000 with the cookie, and as it is. */
const XOR_ADDRESS = '0001 2eb2 2b12a443';
const ADDRESS = '0001 0fa0 0a000001';
/** A header of RTP. */
const RTP = '80000001 000000a0 deadbeef 01020304';

export const stunSamples = {
  /** RFC 5769, section 2.1. */
  request: `00010058 ${ID} 80220010 ${ascii('STUN test client')} 00240004 6e0001ff 80290008 932ff9b151263b36 00060009 ${ascii('evtj:h6vY')}202020 00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf`,
  /** Section 2.2. */
  responseIPv4: `0101003c ${ID} 8022000b ${ascii('test vector')}20 00200008 0001a147 e112a643 00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004 c07d4c96`,
  /** Section 2.3. */
  responseIPv6: `01010048 ${ID} 8022000b ${ascii('test vector')}20 00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9 00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c`,
  /** Section 2.4. */
  longTerm: `00010060 ${LONG_TERM_ID} 00060012 e3839ee38388e383aae38383e382afe382b9 0000 0015001c ${ascii('f//499k954d6OL34oL9FSTvy64sA')} 0014000b ${ascii('example.org')}00 00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666`,
  /** RFC 8489, appendix B.1, but for its length, which counts the header as well there. */
  longTermSha256: `00010088 ${LONG_TERM_ID} 001e0020 4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704 00150029 ${ascii('obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA')}000000 0014000b ${ascii('example.org')}00 001c0020 e4686c8f0edeb59013e07090010a93efccbccc544c0a45d9f830aa6d6f735a01`,
  allocate: message(
    '0003',
    ID,
    `00190004 11000000 00170004 02000000 80000004 02000000 00180001 80000000 001a0000 000d0004 00000258 00220008 0102030405060708 001d0004 00020000 80300004 aabbccdd`,
  ),
  allocateError: message(
    '0113',
    ID,
    `00090010 00000401 ${ascii('Unauthorized')} 0014000b ${ascii('example.org')}00 00150005 ${ascii('nonce')}000000`,
  ),
  allocated: message(
    '0103',
    ID,
    `00160008 ${XOR_ADDRESS} 00200008 ${XOR_ADDRESS} 000d0004 00000000 80230008 ${ADDRESS}`,
  ),
  permissions: message('0008', ID, `00120008 ${XOR_ADDRESS} 00120008 0001 2eb3 2b12a440`),
  sendIndication: message('0016', ID, `00120008 ${XOR_ADDRESS} 00130013 ${RTP}050607 00`),
  channelBind: message('0009', ID, `000c0004 40010000 00120008 ${XOR_ADDRESS}`),
  connectionBind: message('000b', ID, `002a0004 00c0ffee`),
  /** An unknown attribute that must be known, one that need not, and what says so. */
  unknownAttributes: message(
    '0111',
    ID,
    `00090004 00000414 000a0006 7f010003 7f02 0000 7f010003 010203 00 a1230004 00000001`,
  ),
  natDiscovery: message('0001', ID, `00030004 00000006 00270004 12340000 00260008 0000000000000000`),
  natDiscovered: message('0101', ID, `802b0008 ${ADDRESS} 802c0008 ${ADDRESS}`),
  browser: message(
    '0001',
    ID,
    `c0570004 00010032 802a0008 0102030405060708 00250000 c0010004 00000001 00240004 7e7f1eff c0590006 000100020003 0000`,
  ),
  addressError: message('0103', ID, `80010008 02000428 ${ascii('none')} 8004000c 0000 0304 000005dc 00000000`),
  passwordAlgorithms: message('0113', ID, `80020008 0002000000010000`),
  /** RFC 3489: addresses as they are, then what changed its number or its name. */
  classicRequest: message('0001', CLASSIC_ID, `00030004 00000000`),
  classicResponse: message('0101', CLASSIC_ID, `00010008 ${ADDRESS} 00040008 ${ADDRESS} 00050008 ${ADDRESS}`),
  classicNoPadding: message('0001', CLASSIC_ID, `00060003 616263`),
  /** MS-TURN, told by its own cookie. */
  msAllocate: message('0003', CLASSIC_ID, `000f0004 72c64bc6 80080004 00000006 00150008 ${ascii('the.real')}`),
  channelData: `40010010 ${RTP}`,
  channelDataFilled: `4001000d 80000001 000000a0 deadbeef 01 000000`,
  framed: `001c 00010008 ${ID} 00240004 6e0001ff`,
  frame: `0010 ${RTP}`,
} as const;

export type StunSampleName = keyof typeof stunSamples;
