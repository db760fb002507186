import type { SrtpOpener } from '../../media/srtp/opener.ts';
import { emptyRun, type OctetRun, RtpPackets } from '../audio/rtp-packets.ts';
import type { Capture } from '../capture.ts';
import type { MediaKey } from '../keys/media-key.ts';

/** Where the plain packet of a row is. */
interface Ticket {
  readonly opener: SrtpOpener;
  readonly ticket: number;
}

/** Reads RTP packets, those of opened streams made plain, a batch of rows at a time. */
export class PlainRtp {
  private readonly capture: Capture;
  private readonly packets: RtpPackets;
  /** Of this reader alone: what an opener gives lasts until its next use. */
  private readonly openers = new Map<MediaKey, SrtpOpener>();
  private readonly tickets = new Map<number, Ticket>();

  constructor(capture: Capture) {
    this.capture = capture;
    this.packets = new RtpPackets(capture);
  }

  /** Makes the packets of `count` RTP rows readable; those of the batch before are gone. */
  async load(rows: ArrayLike<number>, count = rows.length): Promise<void> {
    const { opened, streams } = this.capture;
    this.tickets.clear();
    await this.packets.load(rows, count);
    if (!opened.hasRtp) return;
    const { sequence } = streams.rtp.rows.columns;
    const run = emptyRun();
    const used = new Set<SrtpOpener>();
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      const opener = this.openerOf(row);
      if (opener === null || !this.packets.read(row, run)) continue;
      const ticket = opener.queue(run.bytes, run.at, run.length, opened.indexOf(row, sequence.get(row)));
      if (ticket < 0) continue;
      used.add(opener);
      this.tickets.set(row, { opener, ticket });
    }
    for (const opener of used) opener.flush();
  }

  /**
   * Points `into` at a row's packet: as it was sent, or plain and without what SRTP added. False where it is not all there,
   * or no key opens it though others of its stream were opened.
   */
  read(row: number, into: OctetRun): boolean {
    const { opened } = this.capture;
    if (!opened.hasRtp) return this.packets.read(row, into);
    const held = this.tickets.get(row);
    if (held === undefined) return !opened.isOpened(row) && !opened.isRefused(row) && this.packets.read(row, into);
    into.bytes = held.opener.bytes;
    into.at = held.opener.at(held.ticket);
    into.length = held.opener.length(held.ticket);
    return true;
  }

  private openerOf(row: number): SrtpOpener | null {
    const { opened, streams } = this.capture;
    if (!opened.isOpened(row)) return null;
    const stream = streams.candidates[streams.streamOfRow.get(row) - 1];
    const key = stream.encryption?.opening?.keys[opened.keyOfRow.get(row) - 1];
    if (key === undefined) return null;
    let opener = this.openers.get(key);
    if (opener === undefined) this.openers.set(key, (opener = opened.chain.opener(key)));
    return opener;
  }
}
