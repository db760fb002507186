import { Octets } from '../../../base/octets.ts';
import type { StringTable } from '../../../base/string-table.ts';
import type { DissectContext, Transport } from '../../../dissectors/dissector.ts';
import type { ContextFacts, Said } from '../messages.ts';

/** What one payload may make a dissector say; a hostile one stops here. */
const MOST_SAID = 1000;
const MOST_TEXTS = 2000;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Texts of one payload: an id counts from 1, and means nothing in the next payload. Octets are kept as Latin-1. */
class CallStrings {
  readonly texts: string[] = [];
  private readonly ids = new Map<string, number>();

  intern(bytes: Uint8Array, at: number, length: number): number {
    let text = '';
    for (let i = at; i < at + length && i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
    return this.add(text);
  }

  internText(text: string): number {
    return this.add(unescape(encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'))));
  }

  text(id: number): string {
    return this.octets(id).text();
  }

  octets(id: number): Octets {
    const text = this.texts[id - 1] ?? '';
    return new Octets(Uint8Array.from(text, (unit) => unit.charCodeAt(0)));
  }

  get size(): number {
    return this.texts.length + 1;
  }

  begin(): void {
    this.texts.length = 0;
    this.ids.clear();
  }

  private add(text: string): number {
    if (text === '') return 0;
    let id = this.ids.get(text);
    if (id !== undefined) return id;
    if (this.texts.length >= MOST_TEXTS) throw new RangeError(`more than ${MOST_TEXTS} texts in one payload`);
    id = this.texts.push(text);
    this.ids.set(text, id);
    return id;
  }
}

/** The context of the hot pass inside the sandbox: writes down what is said, for the host to repeat. */
export class GuestContext implements DissectContext {
  private readonly own = new CallStrings();
  readonly strings = this.own as unknown as StringTable;
  truncated = false;
  transport: Transport = 'udp';
  sourcePort = 0;
  destinationPort = 0;
  consumed = 0;
  said: Said[] = [];

  begin([truncated, transport, sourcePort, destinationPort]: ContextFacts): this {
    this.truncated = truncated;
    this.transport = transport;
    this.sourcePort = sourcePort;
    this.destinationPort = destinationPort;
    this.consumed = 0;
    this.said = [];
    this.own.begin();
    return this;
  }

  get texts(): readonly string[] {
    return this.own.texts;
  }

  child(mediaType: string, at: number, length: number, row: number): void {
    this.say(['child', mediaType, at, length, row]);
  }

  packet(as: 'ip' | 'udp' | 'payload', at: number, length: number): void {
    this.say(['packet', as, at, length]);
  }

  issue(code: string, at: number): void {
    this.say(['issue', code, at]);
  }

  private say(what: Said): void {
    if (this.said.length >= MOST_SAID) throw new RangeError(`more than ${MOST_SAID} findings in one payload`);
    this.said.push(what);
  }
}
