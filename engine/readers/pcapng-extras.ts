import type { CaptureExtras } from './frame-batch.ts';
import { noExtras } from './extras.ts';
import { decodeText, OptionCursor } from './pcapng-options.ts';

const MAX_COMMENTS = 20_000;
const MAX_COMMENT_CHARACTERS = 8_000_000;
const MAX_NAMES = 65_536;
const MAX_SECRETS = 65_536;

const RECORD_IPV4 = 1;
const RECORD_IPV6 = 2;

/** Gathers what a pcapng carries beside frames, within bounds: a capture of nothing but comments must not fill memory. */
export class ExtrasCollector {
  readonly extras: CaptureExtras = noExtras();
  /** Set when something was left out for want of room. */
  omitted = false;
  private commentCharacters = 0;

  comment(frame: number, text: string): void {
    if (this.extras.comments.length >= MAX_COMMENTS || this.commentCharacters + text.length > MAX_COMMENT_CHARACTERS) {
      this.omitted = true;
      return;
    }
    this.commentCharacters += text.length;
    this.extras.comments.push({ frame, text });
  }

  secrets(type: number, fileOffset: number, lengthBytes: number): void {
    if (this.extras.secrets.length >= MAX_SECRETS) this.omitted = true;
    else this.extras.secrets.push({ type, fileOffset, lengthBytes });
  }

  /** The records of a name resolution block in `at`…`end` (draft-ietf-opsawg-pcapng, 4.5). */
  nameRecords(view: DataView, littleEndian: boolean, at: number, end: number): void {
    const record = new OptionCursor(view, littleEndian, at, end);
    while (record.next()) {
      if (record.code === RECORD_IPV4 && record.lengthBytes > 4) {
        this.namesOf(formatIpv4(view, record.at), view, record.at + 4, record.at + record.lengthBytes);
      } else if (record.code === RECORD_IPV6 && record.lengthBytes > 16) {
        this.namesOf(formatIpv6(view, record.at), view, record.at + 16, record.at + record.lengthBytes);
      }
    }
  }

  /** Names of one address, each ended by a zero octet. */
  private namesOf(address: string, view: DataView, from: number, end: number): void {
    let at = from;
    while (at < end) {
      let nameEnd = at;
      while (nameEnd < end && view.getUint8(nameEnd) !== 0) nameEnd++;
      if (nameEnd > at) this.name(address, decodeText(view, at, nameEnd - at));
      at = nameEnd + 1;
    }
  }

  private name(address: string, name: string): void {
    if (this.extras.names.length >= MAX_NAMES) this.omitted = true;
    else this.extras.names.push({ address, name });
  }
}

function formatIpv4(view: DataView, at: number): string {
  return `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`;
}

/** RFC 5952: lower case, the longest run of two or more zero groups as `::`, the first of equals. */
function formatIpv6(view: DataView, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(at + 2 * i));
  let runAt = -1;
  let runLength = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > runLength) {
      runAt = i;
      runLength = end - i;
    }
  }
  const hex = groups.map((group) => group.toString(16));
  if (runAt < 0) return hex.join(':');
  return `${hex.slice(0, runAt).join(':')}::${hex.slice(runAt + runLength).join(':')}`;
}
