import { createCipheriv, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type RecordAlgorithm, recordAlgorithm } from './record-algorithm.ts';
import { lastBlock, openRecord, type RecordKeys } from './record-cipher.ts';

const NOTHING = new Uint8Array(0);
const TEXT = Buffer.from('OPTIONS sip:bob@example.com SIP/2.0\r\n\r\n');
const KEY = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const MAC_KEY = Buffer.alloc(20, 7);

function algorithm(name: string): RecordAlgorithm {
  const found = recordAlgorithm(name);
  if (found === null) throw new Error(`no ${name}`);
  return found;
}

function header(type: number, version: number, lengthBytes: number): Buffer {
  return Buffer.from([type, version >> 8, version & 0xff, lengthBytes >> 8, lengthBytes & 0xff]);
}

function sequence(number: number): Buffer {
  const octets = Buffer.alloc(8);
  octets.writeBigUInt64BE(BigInt(number));
  return octets;
}

/** TLS 1.2, RFC 5288: salt and explicit nonce. */
function gcmRecord(number: number): Buffer {
  const salt = Buffer.from('a0a1a2a3', 'hex');
  const nonce = sequence(number);
  const cipher = createCipheriv('aes-128-gcm', KEY, Buffer.concat([salt, nonce]));
  cipher.setAAD(Buffer.concat([sequence(number), header(23, 0x0303, TEXT.length)]));
  const body = Buffer.concat([nonce, cipher.update(TEXT), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([header(23, 0x0303, body.length), body]);
}

function gcmKeys(): RecordKeys {
  const iv = Buffer.from('a0a1a2a3', 'hex');
  const suite = algorithm('TLS_RSA_WITH_AES_128_GCM_SHA256');
  return { algorithm: suite, version: 0x0303, key: KEY, iv, macKey: NOTHING, encryptThenMac: false };
}

/** MAC then encrypt; `padding` octets before the one that counts them. */
function cbcRecord(number: number, padding: number, spoil: (padded: Buffer) => void = () => undefined): Buffer {
  const mac = createHmac('sha1', MAC_KEY)
    .update(Buffer.concat([sequence(number), header(23, 0x0303, TEXT.length), TEXT]))
    .digest();
  const padded = Buffer.concat([TEXT, mac, Buffer.alloc(padding + 1, padding)]);
  spoil(padded);
  const iv = Buffer.alloc(16, 9);
  const cipher = createCipheriv('aes-128-cbc', KEY, iv).setAutoPadding(false);
  const body = Buffer.concat([iv, cipher.update(padded), cipher.final()]);
  return Buffer.concat([header(23, 0x0303, body.length), body]);
}

function cbcKeys(encryptThenMac = false): RecordKeys {
  const suite = algorithm('TLS_RSA_WITH_AES_128_CBC_SHA');
  return { algorithm: suite, version: 0x0303, key: KEY, iv: NOTHING, macKey: MAC_KEY, encryptThenMac };
}

/** So many octets as bring text, MAC and the last octet to whole blocks. */
const PADDING = 15 - ((TEXT.length + 20) % 16);

const text = (record: Buffer, keys: RecordKeys, number: number): string | null => {
  const plain = openRecord(keys, number, record, NOTHING);
  return plain === null ? null : Buffer.from(plain.bytes).toString();
};

describe('AES-GCM in version 1.2', () => {
  test('opens, and opens again', () => {
    expect(text(gcmRecord(5), gcmKeys(), 5)).toBe(TEXT.toString());
    expect(text(gcmRecord(0x1_0000_0007), gcmKeys(), 0x1_0000_0007)).toBe(TEXT.toString());
  });

  test('does not open with another number, nor where any octet differs', () => {
    expect(text(gcmRecord(5), gcmKeys(), 6)).toBeNull();
    const record = gcmRecord(5);
    // Of the header the length is not covered as it stands: the text's is.
    for (let at = 0; at < record.length; at++) {
      if (at === 3 || at === 4) continue;
      const spoilt = Buffer.from(record);
      spoilt[at] ^= 0x10;
      expect(text(spoilt, gcmKeys(), 5), `octet ${at}`).toBeNull();
    }
  });

  test('a record cut short anywhere is none', () => {
    const record = gcmRecord(5);
    for (let length = 0; length < record.length; length++) {
      expect(openRecord(gcmKeys(), 5, record.subarray(0, length), NOTHING)).toBeNull();
    }
  });
});

describe('version 1.3', () => {
  const keys = (): RecordKeys => {
    const suite = algorithm('TLS_AES_128_GCM_SHA256');
    return {
      algorithm: suite,
      version: 0x0304,
      key: KEY,
      iv: Buffer.alloc(12, 3),
      macKey: NOTHING,
      encryptThenMac: false,
    };
  };
  const record = (inner: Buffer): Buffer => {
    const nonce = Buffer.alloc(12, 3);
    nonce[11] ^= 2;
    const cipher = createCipheriv('aes-128-gcm', KEY, nonce);
    const head = header(23, 0x0303, inner.length + 16);
    cipher.setAAD(head);
    return Buffer.concat([head, cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
  };

  test('the type stands behind the content, before the padding', () => {
    const plain = openRecord(keys(), 2, record(Buffer.concat([TEXT, Buffer.from([22]), Buffer.alloc(40)])), NOTHING);
    expect(plain?.type).toBe(22);
    expect(Buffer.from(plain?.bytes ?? NOTHING).toString()).toBe(TEXT.toString());
  });

  test('the keys are as before after use', () => {
    const same = keys();
    const sent = record(Buffer.concat([TEXT, Buffer.from([23])]));
    expect(openRecord(same, 2, sent, NOTHING)).not.toBeNull();
    expect(openRecord(same, 2, sent, NOTHING)).not.toBeNull();
  });

  test('nothing but zeros has no type', () => {
    expect(openRecord(keys(), 2, record(Buffer.alloc(20)), NOTHING)).toBeNull();
  });
});

describe('CBC', () => {
  test('MAC then encrypt, with any padding', () => {
    expect(text(cbcRecord(1, PADDING), cbcKeys(), 1)).toBe(TEXT.toString());
    expect(text(cbcRecord(1, PADDING + 16 * 12), cbcKeys(), 1)).toBe(TEXT.toString());
  });

  test('a padding octet that differs, a MAC that differs, another number: not authentic', () => {
    expect(
      text(
        cbcRecord(1, PADDING + 16, (padded) => (padded[padded.length - 3] ^= 1)),
        cbcKeys(),
        1,
      ),
    ).toBeNull();
    expect(
      text(
        cbcRecord(1, PADDING, (padded) => (padded[TEXT.length] ^= 1)),
        cbcKeys(),
        1,
      ),
    ).toBeNull();
    expect(text(cbcRecord(1, PADDING), cbcKeys(), 2)).toBeNull();
    expect(
      text(
        cbcRecord(1, PADDING, (padded) => (padded[padded.length - 1] = 255)),
        cbcKeys(),
        1,
      ),
    ).toBeNull();
  });

  test('encrypt then MAC (RFC 7366): the MAC covers what is encrypted', () => {
    const padding = 15 - (TEXT.length % 16);
    const iv = Buffer.alloc(16, 9);
    const cipher = createCipheriv('aes-128-cbc', KEY, iv).setAutoPadding(false);
    const body = Buffer.concat([
      iv,
      cipher.update(Buffer.concat([TEXT, Buffer.alloc(padding + 1, padding)])),
      cipher.final(),
    ]);
    const mac = createHmac('sha1', MAC_KEY)
      .update(Buffer.concat([sequence(4), header(23, 0x0303, body.length), body]))
      .digest();
    const record = Buffer.concat([header(23, 0x0303, body.length + 20), body, mac]);
    expect(text(record, cbcKeys(true), 4)).toBe(TEXT.toString());
    expect(text(record, cbcKeys(false), 4)).toBeNull();
    record[record.length - 1] ^= 1;
    expect(text(record, cbcKeys(true), 4)).toBeNull();
  });

  test('the block that version 1.0 chains is the last of the cipher, not of the MAC', () => {
    const record = Buffer.concat([header(23, 0x0301, 52), Buffer.alloc(32, 1), Buffer.alloc(20, 2)]);
    const keys = { ...cbcKeys(true), version: 0x0301 };
    expect(lastBlock(keys, record)).toEqual(new Uint8Array(16).fill(1));
    expect(lastBlock(cbcKeys(), record)).toHaveLength(0);
  });
});

describe('suites by name', () => {
  test.each([
    ['TLS_AES_256_GCM_SHA384', { kind: 'aead', cipher: 'aes-256-gcm', keyBytes: 32, tagBytes: 16, prfHash: 'sha384' }],
    ['TLS_AES_128_CCM_8_SHA256', { cipher: 'aes-128-ccm', keyBytes: 16, tagBytes: 8, prfHash: 'sha256' }],
    ['TLS_ECDHE_ECDSA_WITH_AES_256_CCM', { cipher: 'aes-256-ccm', keyBytes: 32, tagBytes: 16, prfHash: 'sha256' }],
    [
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
      { cipher: 'chacha20-poly1305', fixedIvBytes: 12, explicitNonceBytes: 0 },
    ],
    [
      'TLS_RSA_WITH_AES_256_CBC_SHA',
      { kind: 'cbc', cipher: 'aes-256-cbc', macHash: 'sha1', macBytes: 20, prfHash: 'sha256' },
    ],
    ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', { kind: 'cbc', macBytes: 48, prfHash: 'sha384' }],
    ['TLS_RSA_WITH_3DES_EDE_CBC_SHA', { kind: 'cbc', cipher: 'des-ede3-cbc', keyBytes: 24, blockBytes: 8 }],
    ['TLS_RSA_WITH_NULL_SHA256', { kind: 'null', macHash: 'sha256', keyBytes: 0 }],
  ])('%s', (name, expected) => {
    expect(recordAlgorithm(name)).toMatchObject(expected);
  });

  test.each([
    '',
    'TLS_RSA_WITH_RC4_128_SHA',
    'TLS_NULL_WITH_NULL_NULL',
    'TLS_OLD_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  ])('none is made of "%s"', (name) => {
    expect(recordAlgorithm(name)).toBeNull();
  });
});
