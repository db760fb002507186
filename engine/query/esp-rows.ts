import { hexText } from '../network/describe/layer-walk.ts';
import { espAddressText } from '../esp/security-association.ts';
import type { Capture } from '../capture.ts';

/** An SA of ESP that a person gave, without its keys. null is any. */
export interface EspRow {
  readonly spi: string | null;
  readonly src: string | null;
  readonly dst: string | null;
  readonly cipher: string;
  readonly authentication: string;
  /** Packets it opened. */
  readonly opened: number;
}

/** The SAs that were given for ESP, in their order. */
export function espRows({ pass: { esp } }: Capture): EspRow[] {
  if (esp === null) return [];
  const { openedBy } = esp;
  return esp.sas.map(({ spi, source, destination, cipher, key, authentication }, i) => ({
    spi: spi === null ? null : hexText(spi, 8),
    src: espAddressText(source),
    dst: espAddressText(destination),
    cipher: cipher.keyBytes.length > 1 ? `${cipher.name}, ${key.length * 8} bits` : cipher.name,
    authentication: authentication.name,
    opened: openedBy[i],
  }));
}
