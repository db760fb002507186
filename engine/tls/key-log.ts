/**
 * A key log as NSS writes it (SSLKEYLOGFILE; draft-ietf-tls-keylogfile): lines of `<label> <client random> <secret>`, the
 * latter two in hexadecimal.
 */

import { hexOf, octetsOfHex } from '../../base/octet-text.ts';

const LINE = /^([A-Z][A-Z0-9_]{2,63}) ([0-9a-fA-F]{64}) ((?:[0-9a-fA-F]{2}){1,128})$/;
/** Far beyond any real log; a hostile one must not fill memory. */
const MAX_SECRETS = 1 << 20;

export class KeyLog {
  /** Lines that are neither empty, nor comments, nor a key log's. */
  badLines = 0;
  private readonly secrets = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** Adds the lines of a log. What is there already is counted once. */
  add(text: string): void {
    for (const raw of text.split('\n')) {
      const line = raw.trim();
      if (line === '' || line.startsWith('#')) continue;
      const match = LINE.exec(line);
      if (match === null || this.secrets.size >= MAX_SECRETS) {
        this.badLines++;
        continue;
      }
      const key = `${match[1]} ${match[2].toLowerCase()}`;
      if (!this.secrets.has(key)) this.counts.set(match[1], (this.counts.get(match[1]) ?? 0) + 1);
      this.secrets.set(key, match[3].toLowerCase());
    }
  }

  /** The secret of a connection, by the label of its line and the client's random (32 octets); null where there is none. */
  find(label: string, clientRandom: Uint8Array): Uint8Array | null {
    const secret = this.secrets.get(`${label} ${hexOf(clientRandom)}`);
    return secret === undefined ? null : octetsOfHex(secret);
  }

  /** Whether anything is said of the connection with this client random. */
  has(clientRandom: Uint8Array): boolean {
    const random = hexOf(clientRandom);
    return [...this.counts.keys()].some((label) => this.secrets.has(`${label} ${random}`));
  }

  /** Its secrets as lines of a log, in the order they came. */
  *lines(): Generator<string> {
    for (const [name, secret] of this.secrets) yield `${name} ${secret}`;
  }

  get size(): number {
    return this.secrets.size;
  }

  /** How many secrets there are of each label. */
  get labels(): { label: string; count: number }[] {
    return [...this.counts].map(([label, count]) => ({ label, count }));
  }
}
