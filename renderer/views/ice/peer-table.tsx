import { useId } from 'react';
import type { TurnAllocationRow } from '../../../shared/ice.ts';
import { formatCount, UNKNOWN } from '../../model/format/numbers.ts';
import { formatClock } from '../../model/format/times.ts';
import { useApp } from '../../model/store.ts';

const MOST_SHOWN = 200;

/** The peers of an allocation: since when they are permitted, and what was relayed. */
export function PeerTable({ allocation: { peers } }: { allocation: TurnAllocationRow }) {
  const title = useId();
  const zone = useApp((state) => state.timeZone);
  if (peers.length === 0) return null;
  return (
    <section aria-labelledby={title}>
      <div className="ph">
        <h2 id={title}>Peers</h2>
      </div>
      <table className="grid ice-peers">
        <colgroup>
          <col style={{ width: 190 }} />
          <col style={{ width: 78 }} />
          <col style={{ width: 104 }} />
          <col style={{ width: 104 }} />
          <col />
          <col className="ice-c-bytes" />
          <col />
          <col className="ice-c-bytes" />
        </colgroup>
        <thead>
          <tr>
            <th>Peer</th>
            <th>Channel</th>
            <th>Permitted</th>
            <th>Expired</th>
            <th className="num">Out packets</th>
            <th className="num ice-c-bytes">Out bytes</th>
            <th className="num">In packets</th>
            <th className="num ice-c-bytes">In bytes</th>
          </tr>
        </thead>
        <tbody>
          {peers.slice(0, MOST_SHOWN).map((peer) => (
            <tr key={peer.peer}>
              <td className="m">{peer.peer}</td>
              <td className={`m ${peer.channel === null ? 't3' : ''}`}>{peer.channel ?? UNKNOWN}</td>
              <td className={`m ${peer.permittedTime === null ? 't3' : ''}`}>
                {formatClock(peer.permittedTime, zone)}
              </td>
              <td className={`m ${peer.expiredTime === null ? 't3' : 'warn'}`}>
                {formatClock(peer.expiredTime, zone)}
              </td>
              <td className="m num">{formatCount(peer.packetsSent)}</td>
              <td className="m num ice-c-bytes">{formatCount(peer.bytesSent)}</td>
              <td className={`m num ${peer.packetsReceived === 0 && peer.packetsSent > 0 ? 'warn' : ''}`}>
                {formatCount(peer.packetsReceived)}
              </td>
              <td className="m num ice-c-bytes">{formatCount(peer.bytesReceived)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {peers.length > MOST_SHOWN && <p className="ice-message t3">and {formatCount(peers.length - MOST_SHOWN)} more</p>}
    </section>
  );
}
