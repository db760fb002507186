import { StunClass, stunColumns, StunKind } from '../../../dissectors/stun/columns.ts';
import { StunMethod } from '../../../dissectors/stun/methods.ts';
import type { CaptureStore } from '../../store/capture-store.ts';

/** Whose connectivity checks go a flow's way: interned ufrags of who receives there, and of who sends. */
export interface FlowCheck {
  readonly receiver: number;
  readonly sender: number;
}

/** Flows remembered: a hostile capture must not fill memory. */
const MAX_FLOWS = 1 << 17;

/**
 * The first check of each flow. The user name of a Binding request is `<receiver's ufrag>:<sender's ufrag>` (RFC 8445
 * section 7.2.2).
 */
export function flowChecks(store: CaptureStore): Map<number, FlowCheck> {
  const checks = new Map<number, FlowCheck>();
  const stun = store.layer('stun', stunColumns);
  if (stun === null) return checks;
  const { kind, class: messageClass, method, username } = stun.rows.columns;
  const parsed = new Map<number, FlowCheck | null>();
  for (let row = 0; row < stun.count && checks.size < MAX_FLOWS; row++) {
    if (username.get(row) === 0 || kind.get(row) !== StunKind.Message) continue;
    if (messageClass.get(row) !== StunClass.Request || method.get(row) !== StunMethod.Binding) continue;
    const flow = store.flowOf(stun, row);
    if (checks.has(flow)) continue;
    let check = parsed.get(username.get(row));
    if (check === undefined) {
      const [receiver, sender, more] = store.strings.text(username.get(row)).split(':');
      const isPair = sender !== undefined && more === undefined;
      check = isPair
        ? { receiver: store.strings.internText(receiver), sender: store.strings.internText(sender) }
        : null;
      parsed.set(username.get(row), check);
    }
    if (check !== null) checks.set(flow, check);
  }
  return checks;
}
