/**
 * RTCP packets for tests, written by hand from the documents: the sender is 0x11223344, the source that it hears
 * 0xaabbccdd. Not part of the dissector.
 */

/** Octets of a hexadecimal text; spaces and line breaks are left out. */
export function fromHex(hex: string): Uint8Array {
  const digits = hex.replace(/\s+/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}

export const rtcpSamples = {
  /** NTP half a second after 2025-10-01T00:00:00Z; one report block: 25 % lost, −2 in all, DLSR 1.5 s. */
  sr: `81c8000c 11223344  ec86ed80 80000000 00000320 00000064 00003e80
       aabbccdd 40fffffe 00010203 00000011 ed808000 00018000`,
  rr: '80c90001 11223344',
  /** CNAME `a@example`, TOOL `abc`, END and three octets of fill. */
  sdes: '81ca0006 11223344 0109 61406578616d706c65 0603 616263 00 000000',
  /** Two chunks whose item fills its word, so that END takes a word of its own. */
  sdesTwo: '82ca0006 11223344 01026162 00000000 aabbccdd 01026364 00000000',
  /** Two sources, `hangup`, one octet of fill. */
  bye: '82cb0004 11223344 aabbccdd 06 68616e677570 00',
  app: '85cc0003 11223344 74657374 01020304',
  /** 100, 101 and 116; 512. */
  nack: '81cd0004 11223344 aabbccdd 00648001 02000000',
  /** 64000 × 2^2 bit/s, overhead 40. */
  tmmbr: '83cd0004 11223344 00000000 aabbccdd 09f40028',
  /**
   * Packets 1 to 6 from 3 × 64 ms on: a run of two small deltas, then small, large, lost, small. Two octets of fill that
   * the padding bit covers, as browsers send it.
   */
  transportCc: 'afcd0007 11223344 aabbccdd 00010006 00000305 2002 d840 04 08 0c fff0 10 0002',
  pli: '81ce0002 11223344 aabbccdd',
  /** First macroblock 5, three of them, picture 9. */
  sli: '82ce0003 11223344 aabbccdd 002800c9',
  rpsi: '83ce0003 11223344 aabbccdd 0860 abcd',
  fir: '84ce0004 11223344 00000000 aabbccdd 07000000',
  /** 125000 × 2^3 bit/s. */
  remb: '8fce0005 11223344 00000000 52454d42 010de848 aabbccdd',
  /** Every block of RFC 3611, section 4, and one of a type that is not assigned. */
  xr: `80cf002e 11223344
       01000004 aabbccdd 00640088 400e fffe 0005 0000
       02010003 aabbccdd 00640082 400a 0000
       03000004 aabbccdd 00640066 00001000 000010a0
       04000002 ec86ed80 80000000
       05000006 aabbccdd ed808000 00008000 11223344 00000000 00000000
       06e80009 aabbccdd 00640082 00000003 00000001 00000005 000000c8 00000020 0000000a 38403c02
       07000008 aabbccdd 0d058003 00c81388 00640050 e7c43710 5d7f2928 b500003c 007800f0
       fe000001 deadbeef`,
  /** The receiver report padded by four octets. */
  padded: 'a0c90002 11223344 00000004',
} as const;

/** The octets of one sample, or of several on end. */
export function rtcpSample(...names: (keyof typeof rtcpSamples)[]): Uint8Array {
  return fromHex(names.map((name) => rtcpSamples[name]).join(''));
}
