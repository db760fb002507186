import { StunClass, type StunColumns, StunKind } from '../../../dissectors/stun/columns.ts';
import { StunMethod } from '../../../dissectors/stun/methods.ts';
import type { LayerTable } from '../../store/layer-table.ts';

/** What a message does, in the words of today's TURN. */
export const Kind = { Request: 0, Answer: 1, Data: 2, ChannelData: 3, Attempt: 4, Other: 5 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

type StunLayer = LayerTable<StunColumns>;

export function kindOf(layer: StunLayer, row: number): Kind {
  const c = layer.rows.columns;
  const kind = c.kind.get(row);
  if (kind === StunKind.ChannelData) return Kind.ChannelData;
  if (kind === StunKind.Frame) return Kind.Other;
  const method = methodOf(layer, row);
  const messageClass = c.class.get(row);
  if (method === StunMethod.Send || method === StunMethod.Data) {
    const isData = messageClass === StunClass.Indication || messageClass === StunClass.Request;
    return isData ? Kind.Data : Kind.Other;
  }
  if (method < StunMethod.Allocate && method !== StunMethod.Binding) return Kind.Other;
  if (method > StunMethod.ConnectionAttempt) return Kind.Other;
  if (method === StunMethod.ConnectionAttempt) return Kind.Attempt;
  if (messageClass === StunClass.Indication) return Kind.Other;
  return messageClass === StunClass.Request ? Kind.Request : Kind.Answer;
}

/** In the numbers of RFC 8656: the drafts before had others for Send and Data. */
export function methodOf(layer: StunLayer, row: number): number {
  const c = layer.rows.columns;
  const method = c.method.get(row);
  if (c.kind.get(row) !== StunKind.Classic || method < 4) return method;
  return method === 4 ? StunMethod.Send : method === 5 ? StunMethod.Data : 0;
}

/** Whether a request or data go from the client to the server. */
export function isOfClient(layer: StunLayer, row: number): boolean {
  const kind = kindOf(layer, row);
  return kind === Kind.Data ? methodOf(layer, row) === StunMethod.Send : kind === Kind.Request;
}
