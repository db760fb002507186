import { U32Column } from '../../base/columns.ts';
import { SDP_COLUMNS } from '../../dissectors/sdp/columns.ts';
import { VERTO_COLUMNS, type VertoColumns } from '../../dissectors/verto/columns.ts';
import type { Dispatcher } from '../classify/dispatcher.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import { slicePieces } from '../network/ip-fragments.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { FIRST_DISSECTOR } from '../store/protocol-list.ts';
import { jsonTextOctets, type MessageTable } from './message-table.ts';

/** Session descriptions that messages of Verto hold as JSON text: taken out and dissected. */
export class VertoDescriptions {
  /** By row of the `sdp` layer: the Verto row (+ 1) of the message that it stands in; 0 for none. */
  readonly vertoRow = new U32Column();
  private readonly dispatcher: Dispatcher;
  private readonly messages: MessageTable;
  private readonly verto: LayerTable<VertoColumns> | null;
  private readonly sdp: LayerTable<typeof SDP_COLUMNS> | null;
  private readonly protocol: number;

  constructor(store: CaptureStore, dispatcher: Dispatcher, messages: MessageTable) {
    this.dispatcher = dispatcher;
    this.messages = messages;
    this.verto = store.layer('verto', VERTO_COLUMNS);
    this.sdp = store.layer('sdp', SDP_COLUMNS);
    this.protocol = this.verto === null ? -1 : FIRST_DISSECTOR + store.dissectorIds.indexOf('verto');
  }

  /** Looks at the message that just became rows of `protocol`; `pieces` are those of its octets. */
  take(protocol: number, flow: number, message: Uint8Array, frame: number, pieces: readonly FramePiece[]): void {
    if (protocol !== this.protocol || this.verto === null || this.sdp === null) return;
    const row = this.verto.count - 1;
    const { sdpAt, sdpLength } = this.verto.rows.columns;
    const at = sdpAt.get(row);
    const length = sdpLength.get(row);
    if (length === 0) return;
    const description = jsonTextOctets(message.subarray(at, at + length));
    const record = this.messages.addJsonText(frame, slicePieces(pieces, at, length));
    if (record === 0 || description.length === 0) return;
    const before = this.sdp.count;
    const where = [{ frame, at: 0, length: description.length, record }];
    this.dispatcher.framedMessage(flow, { id: 'sdp', mediaType: '' }, description, frame, where);
    for (let added = before; added < this.sdp.count; added++) this.vertoRow.set(added, row + 1);
  }
}
