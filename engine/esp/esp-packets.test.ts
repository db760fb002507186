import { describe, expect, it } from 'vitest';
import { octetsOfHex } from '../../base/octet-text.ts';
import { Octets } from '../../base/octets.ts';
import { IpFragments } from '../network/ip-fragments.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import { FlowTable } from '../store/flow-table.ts';
import { EspPackets } from './esp-packets.ts';
import { type EspSa, parseEspSa } from './security-association.ts';

const RAW_IP = 101;
const RTP = hex('8008000100000140deadbeefd0d1d2d3d4d5d6d7d8d9dadbdcdddedf');

/**
 * The same datagram, 10.0.0.1:4000 to 10.0.0.2:4002, in ESP as Scapy 2.5.0 makes it (scapy.layers.ipsec): what it is, the SA,
 * the upper half of its extended sequence number, and the IP packet.
 */
const VECTORS: readonly [name: string, sa: string, sequenceHigh: number, packet: string][] = [
  [
    'aes-cbc 128 hmac-sha1-96 transport',
    '0x11223344=aes-cbc:a54dca182530bb1d6d132cded6237b2e,hmac-sha1-96:d91e3f721fcb1971174494d6493c9d5c3460be31',
    0,
    '4500006800010000403266610a0000010a00000211223344000000075cdb48044462549697754ee66eb1004ca3239ed19a551c8000c65a7458ba6ec85f6d2fecda0608b3fdad150e654104d2be9fcc3cf4db529ee3cdb286317bcd603bf78d5fec8eaf4c3242e178',
  ],
  [
    'aes-cbc 128 hmac-md5-96 transport',
    '0x11223344=aes-cbc:201e69fedaa0eee8b9997f5c7c2999fd,hmac-md5-96:afe593253cd654af4dfad71427a0aeb3',
    0,
    '4500006800010000403266610a0000010a00000211223344000000071150067284dc2960a7c6d5accd4ec6b7531b5992c4a527e3ad4f426f50b6c95e56b1f00c064b2cb83d4a9359c42ff0ad7a5c83d9a3b6ea27050de75ac36c13e11ef8f4ca5b857949bddc7acd',
  ],
  [
    'aes-cbc 128 hmac-sha256-128 transport',
    '0x11223344=aes-cbc:fee9232f8af2211f9ee491c5b10becb5,hmac-sha256-128:563bfc1e6f93427ecbc8fe2955e5cd8e46dc8ed4b7c2764d2a5a4d767706f85d',
    0,
    '4500006c000100004032665d0a0000010a0000021122334400000007a902e821068ef518a65a3bec8df4fab1471518348c1261ac38236c733570eb1d29a1902905638248592dd9698e612893a9700bd92b7e6a07f7660e167410558bccf9af2e77aaaade3bdf47396f280d5d',
  ],
  [
    'aes-cbc 128 hmac-sha384-192 transport',
    '0x11223344=aes-cbc:8690024ad6bda3401be9c8cbccc935f6,hmac-sha384-192:cd1f61226ae15338ae1a34004d33ba0d246ac04c81b1baf23e3bf9eef5f79f2b4934af87f5520b69b94b0d982e85bb55',
    0,
    '4500007400010000403266550a0000010a000002112233440000000720ed6aab322fa1b92fbf7997fe9843e249b49008405b43f32d0f3b0f2a07579e008ca03f1d5c26ab0780a06b7e4e4042a0dcd2d5bf1cbd89be825e956cea9a892e0c9db8997e1188863184013270faf51c0502b9341d4f0e',
  ],
  [
    'aes-cbc 128 hmac-sha512-256 transport',
    '0x11223344=aes-cbc:b672a872637acd7466fcb60e0e8ff184,hmac-sha512-256:63b0e4b2ba29703474f064ac68f700f5b02b3dc666f45bdeaa2ccaedcd2b5157410e4dee4af2b34f430a073447de636c0e806c957ba684d6431fb5ead7424d09',
    0,
    '4500007c000100004032664d0a0000010a0000021122334400000007f3332493cf68a3051f8f883228523340891615de8f6e3ffdcabff1238ff27ea27bef7a9123135566d3da9842f3e3d82739e23b6b8d51d0ee3c9857c4ea076301260c39f752ad6e91b79422a5e1a7cf06724204be622094f2c26ec6895f43a67d',
  ],
  [
    'null 0 hmac-sha1-96 tunnel',
    '0x11223344=null,hmac-sha1-96:e15d024c5848f23d1fa6f7361d7f618d1532e70e',
    0,
    '45000064000100004032f663c0000201c000020211223344000000074500003800010000401166b20a0000010a0000020fa00fa20024eeb38008000100000140deadbeefd0d1d2d3d4d5d6d7d8d9dadbdcdddedf0102020491e40c365d28514a819a118f',
  ],
  [
    'aes-cbc 192 hmac-sha1-96 tunnel',
    '0x11223344=aes-cbc:20e2a6668de7f47e8467e546d53ec8e2a1257bdb256c9b3e,hmac-sha1-96:4fbb498146ef7030cbf9537252dcceadd764b6a3',
    0,
    '45000078000100004032f64fc0000201c0000202112233440000000701ebad0f37c277cc28795ac6ebba530817a08178114f4f9b029e6d2a52493c3f11c7959ec434576b3be2c42967e66f8b1a14bb402d9082f36369e33c32bb22ed68278190fd95509339f96fd12e2fc1aff830fb1bb9602570baa6efb9',
  ],
  [
    'aes-cbc 256 hmac-sha1-96 tunnel',
    '0x11223344=aes-cbc:2fbb09adeae109c4a997203975352b878b145c8a42d884cf4cfda72d8e1d5dd9,hmac-sha1-96:2589082d852a7122873ee805add58942167a3852',
    0,
    '45000078000100004032f64fc0000201c00002021122334400000007db70e3d918842d317e8f2b6b64b839eae2b930167e18f3fb4a1e262e4f0ec0b3e4c2cc96cf7e0dec8c85edddc285278b041dfe4017498707ad8194c9a2785667413c4fd38bb5f68a5b0c320363c81f99a410ebef3d64f5111cdc75df',
  ],
  [
    '3des-cbc 192 hmac-sha1-96 tunnel',
    '0x11223344=3des-cbc:86195c679f9c6994e45b8ab1098012070961f37de436ddfd,hmac-sha1-96:c99d6e75af6547cfb11b42072482dc531c2bc390',
    0,
    '45000070000100004032f657c0000201c00002021122334400000007af6261376cfaf6aed9e23c95f3bba318ad0c691fae762504797ff36c94e67a3a8d3892eea0c8a3060023e0ae7a5968d8f83717a87f23956428e0917152de893ef3d6c18ea8c0810dfb974b6f4276004f0cd16c1a',
  ],
  [
    'aes-ctr 160 hmac-sha1-96 tunnel',
    '0x11223344=aes-ctr:7c9617eb5e5089e40186baa8a57d119e6fb65d00,hmac-sha1-96:abc32af38e667f022e872d49cc15c90b999b772b',
    0,
    '4500006c000100004032f65bc0000201c000020211223344000000074a0f9959a8b73039c7e644de9cdfaf10767aee27eab75552fb8a5f50720b3201c77d8a6215da3b4bbf0096385a557531d83c4e45affd60736556b6b5bd5d80a679c04661f7b03529ac0ed0cad2719f56',
  ],
  [
    'aes-ctr 288 hmac-sha1-96 tunnel',
    '0x11223344=aes-ctr:4fc7a6fd4c914a16db4708752b0f1544b835c0e719097dfa8701e9232f21f28126877869,hmac-sha1-96:76ebfcc327f5931765274ba9829b4406f61ff889',
    0,
    '4500006c000100004032f65bc0000201c000020211223344000000074f16317fdc19a79e8dde07b201b39a99689219f467185a57eac194a7e5dac267e7aaa03c21e374c436d9f2eb857d379c35b7242bb3307e2b613de84671b6e864d097d707436d334d2f442f48e3ed1837',
  ],
  [
    'aes-gcm 160 null udp',
    '0x11223344=aes-gcm:326ffa9492edeeee3c669f2bf20894ea27e689c6',
    0,
    '4500006400010000401166860a0000010a0000021194119400500000112233440000000772a6ad4aacaa4d675ebee4c5d6a1f9a72e3d7c03d7b31ace8fa143de2159601543a96afcbb4b198e57ed2203cdb870855f501d5dbdae62809f6f48023bf6e63d',
  ],
  [
    'aes-gcm 288 null udp',
    '0x11223344=aes-gcm:6b6b262e4886b8438f39ba76fef8c90c5101fbe6cf9a48d5b0c0a13da900a6adcb3d6406',
    0,
    '4500006400010000401166860a0000010a0000021194119400500000112233440000000720f7c835863d887322d3f6ced063de559acd8a7d200ca6a2a187d743e7e90a02676f0e74344dcf8c9a78e77b4870bbb68362675ec6c839624e8c1c057df71809',
  ],
  [
    'chacha20-poly1305 288 null udp',
    '0x11223344=chacha20-poly1305:9481be21c9c727b8db8c188f341a924c7f88dfa161bfdb0ecc682919d2e64692f8194157',
    0,
    '4500006400010000401166860a0000010a0000021194119400500000112233440000000724f8f35b8b2d82b2ccf3849eec90e8b78f6bd77f02f2900c5f7108470ab8c0519f114327b4676c257057da61eabfd39efa9e4dba95d7ddaf7197869472ee2c4a',
  ],
  [
    'aes-cbc 128 hmac-sha1-96 tunnel esn',
    '0x11223344=aes-cbc:f1d4af90988285cf7a9af7c93d555226,hmac-sha1-96:6afe70e7aae6da47627c2e59af2ea37abc84670a',
    3,
    '45000078000100004032f64fc0000201c0000202112233440000000706ba0f538d74f1d367aead75bb7de8d762656b122b2d58809518150af7f70d71acc8feabeea8d92b994d50f34d381d7a74cafa35cbdb967d6e4989f5de7b2798638ba09cc08b62a80f4b48def5b6a8ff19e42ea042716b101ac7b63a',
  ],
  [
    'aes-gcm 160 null tunnel esn',
    '0x11223344=aes-gcm:d3c4d36bc08aad1fff8eb8406e2f8a7fc4cce4dd',
    3,
    '45000070000100004032f657c0000201c0000202112233440000000736c2fc12d81c2780677cf674206c0fb5751b1c7bb016162056bcd55645330a777e3b762520b6b62587160e8ed8e580c0e09110358caf14dca65690f9e9dba12da31fdf7b737333e51a531f872c1662d70e177774',
  ],
  [
    'aes-cbc 128 null tunnel',
    '0x11223344=aes-cbc:9f0b4110d9f2fa0025c8efe57f37724f',
    0,
    '4500006c000100004032f65bc0000201c00002021122334400000007cd3c43d52703a6a23868bbb85ac9257b3e8cea68ae13270c7de219f547431e4bceaa70dd234bab8e91d91adb2e4d580503c2b5c32a453383adebcbb902d49a548e88d118e51d7074f5697c57c7bbe7ed',
  ],
  [
    'aes-gcm 160 null tunnel v6',
    '0x11223344=aes-gcm:4d37ea2b14004077139b4180df3932249962c685',
    0,
    '60000000005c3240fd000000000000000000000000000001fd00000000000000000000000000000211223344000000072f85d19384306a75fcbc7a0a41cbb9177c5757a5eda5c4d4125d5af8d0640fe9fecf362ca036c4a1895faaea3c1df1ead89df1d7a571019d5cf213ef1607bba2ba19de1425c67ec494dee5e7d21e68c22b4cded3',
  ],
];

function hex(text: string): Uint8Array {
  return octetsOfHex(text) ?? new Uint8Array(0);
}

function saOf(text: string, sequenceHigh = 0): EspSa {
  const sa = parseEspSa(text);
  if (typeof sa === 'string') throw new Error(sa);
  return { ...sa, sequenceHigh };
}

interface Opened {
  readonly way: string;
  readonly tunnel: string;
  readonly payload: Uint8Array;
  readonly pieces: readonly FramePiece[] | null;
  readonly esp: EspPackets;
}

function decode(frames: readonly Uint8Array[], sas: readonly EspSa[]): Opened {
  const flows = new FlowTable();
  const esp = new EspPackets(sas, flows, null);
  const decoder = new NetworkDecoder(flows, new IpFragments(), esp);
  for (const [i, frame] of frames.entries()) decoder.decode(frame, 0, frame.length, frame.length, RAW_IP, i, 100);
  const { flow, payload, bytes, at, length, pieces } = decoder;
  const way = payload === Payload.Udp ? `${flows.sourceEndpoint(flow)} > ${flows.destinationEndpoint(flow)}` : '';
  const tunnel = flows.carrier(flow)?.protocol ?? '';
  return { way, tunnel, payload: bytes.slice(at, at + length), pieces, esp };
}

/** Reads pieces of single frames, as a capture would. */
function readerOf(frames: readonly Uint8Array[]): (pieces: readonly FramePiece[]) => Promise<Octets> {
  return async (pieces) => {
    const parts = pieces.map(({ frame, at, length }) => [...frames[frame].subarray(at, at + length)]);
    return new Octets(Uint8Array.from(parts.flat()));
  };
}

describe('ESP with a key', () => {
  it.each(VECTORS)('%s', async (_name, sa, high, packet) => {
    const frames = [hex(packet)];
    const { way, tunnel, payload, pieces, esp } = decode(frames, [saOf(sa, high)]);
    expect(way).toBe('10.0.0.1:4000 > 10.0.0.2:4002');
    expect(tunnel).toBe('esp');
    expect(payload).toEqual(RTP);
    expect(esp.openedBy).toEqual([1]);
    const [record] = esp.recordsOf(0);
    expect(pieces).toMatchObject([{ frame: 0, record }]);
    // Read again from where it lies, it is the same.
    const plain = await esp.plaintext(record, readerOf(frames));
    expect(Buffer.from(plain).includes(Buffer.from(RTP))).toBe(true);
  });

  it.each(VECTORS.filter(([name]) => !name.includes('aes-cbc 128 null')))(
    '%s, one bit changed: stays closed',
    (...vector) => {
      const [name, sa, high, packet] = vector;
      const at = name.includes('v6') ? 40 : name.includes('udp') ? 28 : 20;
      for (const offset of [at + 4, at + 9, at + 40, packet.length / 2 - 1]) {
        const changed = hex(packet);
        changed[offset] ^= 0x10;
        const { esp } = decode([changed], [saOf(sa, high)]);
        expect(esp.openedBy).toEqual([0]);
        expect([...esp.failures.values()]).toEqual([{ spi: 0x11223344, frame: 0, count: 1 }]);
      }
    },
  );

  it('without a check, padding and length decide', () => {
    const [, sa, , packet] = VECTORS.find(([name]) => name.includes('aes-cbc 128 null')) ?? VECTORS[0];
    expect(decode([hex(packet)], [saOf(sa.replace(/.$/, '0'))]).esp.openedBy).toEqual([0]);
  });

  it('the right one of several SAs is taken, by SPI, address, and by what authenticates', () => {
    const [, sa, , packet] = VECTORS[0];
    const sas = [
      saOf(sa.replace('0x11223344', '0x11223345')),
      saOf(`10.0.0.9,*,${sa}`),
      saOf(`fd00::1,*,${sa}`),
      saOf(sa.replace(/.$/, '0')),
      saOf(`10.0.0.1,10.0.0.2,${sa}`),
      saOf(sa.replace('0x11223344', '*')),
    ];
    expect(decode([hex(packet)], sas).esp.openedBy).toEqual([0, 0, 0, 0, 1, 0]);
    expect(decode([hex(packet)], sas.toSpliced(4, 1)).esp.openedBy).toEqual([0, 0, 0, 0, 1]);
    expect(decode([hex(packet)], sas.slice(0, 3)).esp.failures.size).toBe(0);
  });

  it('in UDP on any port it is known by its SPI', () => {
    const [, sa, , packet] = VECTORS.find(([name]) => name.includes('udp')) ?? VECTORS[0];
    const moved = hex(packet.replace('11941194', '4e204e21'));
    expect(decode([moved], [saOf(sa)]).way).toBe('10.0.0.1:4000 > 10.0.0.2:4002');
    expect(decode([moved], [saOf(sa.replace('0x11223344', '*'))]).way).toBe('10.0.0.1:20000 > 10.0.0.2:20001');
  });

  it('in IP fragments it is put together first', async () => {
    const [, sa, , packet] = VECTORS[0];
    const whole = hex(packet);
    const body = whole.subarray(20);
    const fragment = (from: number, to: number, more: boolean): Uint8Array => {
      const header = whole.slice(0, 20);
      header.set([(20 + to - from) >>> 8, 20 + to - from], 2);
      header.set([more ? 0x20 : 0, from / 8], 6);
      return Buffer.concat([header, body.subarray(from, to)]);
    };
    const frames = [fragment(0, 48, true), fragment(48, body.length, false)];
    const { payload, esp } = decode(frames, [saOf(sa)]);
    expect(payload).toEqual(RTP);
    const plain = await esp.plaintext(esp.recordsOf(1)[0], readerOf(frames));
    expect(Buffer.from(plain).includes(Buffer.from(RTP))).toBe(true);
  });
});
