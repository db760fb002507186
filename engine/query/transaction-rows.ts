import { SIP_METHODS, SipMethod } from '../../dissectors/sip/methods.ts';
import type { TransactionRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import type { Call } from '../trackers/calls/call.ts';
import { Repeat } from '../trackers/calls/call-tracker.ts';

/**
 * The transactions of a Call-ID in order of their first message (RFC 3261 section 17.2.3): messages with the same branch,
 * CSeq number and method. The ACK of a refusal has its INVITE's branch and belongs to it; the ACK of a 2xx is a transaction
 * of its own that nothing answers. The same message seen on two hops has two branches, and is two transactions.
 */
export function transactionRows(capture: Capture, call: Call): TransactionRow[] {
  const { calls, store } = capture;
  const c = calls.sip.rows.columns;
  const byKey = new Map<string, TransactionRow>();
  const startRows = new Map<TransactionRow, number>();
  for (const row of calls.rowsOf(call)) {
    const frame = calls.sip.frame.get(row);
    const status = c.status.get(row);
    const isRequest = status === 0;
    const number = c.cseq.get(row);
    const method = isRequest ? c.method.get(row) : c.cseqMethod.get(row);
    const branch = c.branch.get(row);
    if (isRequest && method === SipMethod.ACK) {
      const refused = byKey.get(`${branch} ${number} ${SipMethod.INVITE}`);
      if (refused !== undefined) {
        refused.acknowledgedBy ??= frame + 1;
        continue;
      }
    }
    const key = `${branch} ${number} ${method}`;
    let transaction = byKey.get(key);
    if (transaction === undefined) {
      transaction = {
        method: SIP_METHODS[method] || 'unknown',
        cseq: number,
        packet: isRequest ? frame + 1 : null,
        provisional: [],
        finalStatus: null,
        finalPacket: null,
        answeredAfterMs: null,
        retransmissions: 0,
        acknowledgedBy: null,
      };
      byKey.set(key, transaction);
      startRows.set(transaction, row);
    }
    if (calls.repeat.get(row) === Repeat.Retransmission) transaction.retransmissions++;
    if (isRequest || calls.repeat.get(row) !== Repeat.None) continue;
    if (status < 200) transaction.provisional.push(status);
    else if (transaction.finalStatus === null) {
      transaction.finalStatus = status;
      transaction.finalPacket = frame + 1;
      const start = startRows.get(transaction) ?? row;
      if (transaction.packet !== null) transaction.answeredAfterMs = store.secondsBetween(calls.sip, start, row) * 1000;
    }
  }
  return [...byKey.values()];
}
