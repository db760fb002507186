/** What of DTLS becomes an arrow of a ladder: a row a datagram. */
import { RecordFlag } from '../../../dissectors/tls/columns.ts';
import { formatAlert, formatContentType, formatHandshakeType } from '../../../dissectors/tls/names.ts';
import { ContentType } from '../../../dissectors/tls/records.ts';
import type { Capture } from '../../capture.ts';
import type { Arrow } from './ice-ladder-stun.ts';
import type { IceMembers } from './ice-members.ts';

/** Names on an arrow; what more a datagram has is counted. */
const MOST_NAMES = 3;
const CLOSE_NOTIFY = 0;

/** The handshake and alerts of a session; data is left out. */
export function dtlsArrows(capture: Capture, members: IceMembers, session: number): Arrow[] {
  const { dtls } = members;
  if (dtls === null) return [];
  const c = dtls.rows.columns;
  const arrows: Arrow[] = [];
  const firsts = new Map<string, number>();
  for (let row = 0; row < dtls.count; ) {
    const frame = dtls.frame.get(row);
    const isOwn = members.sessionOfDtls(row) === session;
    const names: string[] = [];
    let isRefused = false;
    let key = String(capture.store.flowOf(dtls, row));
    for (; row < dtls.count && dtls.frame.get(row) === frame; row++) {
      if (!isOwn) continue;
      const name = nameOf(row);
      isRefused ||= name.startsWith('Alert ') && c.alertDescription.get(row) !== CLOSE_NOTIFY;
      if (name !== '' && names.at(-1) !== name) names.push(name);
      key += ` ${name} ${c.epoch.get(row)} ${c.messageSequence.get(row)} ${c.fragmentOffset.get(row)}`;
    }
    if (names.length === 0) continue;
    // A flight sent again has the same messages under new record numbers (RFC 6347 section 4.2.4).
    const repeats = firsts.get(key) ?? null;
    if (repeats === null) firsts.set(key, frame);
    const [short] = names;
    const more = names.length - MOST_NAMES;
    const label = names.slice(0, MOST_NAMES).join(', ');
    const hint = more > 0 ? `${more} more` : '';
    arrows.push({
      frame,
      label,
      short,
      hint,
      status: isRefused ? 400 : null,
      transaction: key,
      repeats,
      counted: null,
    });
  }
  return arrows;

  /** '' for what is no part of the handshake. */
  function nameOf(row: number): string {
    if (dtls === null) return '';
    const type = c.contentType.get(row);
    const isEncrypted = (c.flags.get(row) & RecordFlag.Encrypted) !== 0;
    if (type === ContentType.Handshake) {
      // Only the Finished is encrypted before version 1.3; without a new epoch the record continues the one before.
      if (isEncrypted) return c.epoch.get(row) > 0 ? 'Finished' : '';
      const name = formatHandshakeType(c.handshakeType.get(row));
      return c.fragmentOffset.get(row) > 0 ? `${name}, continued` : name;
    }
    if (type === ContentType.Alert) return isEncrypted ? 'Alert' : `Alert ${formatAlert(c.alertDescription.get(row))}`;
    return type === ContentType.ChangeCipherSpec ? formatContentType(type) : '';
  }
}
