import './detail.css';
import { useQuery } from '../client/use-query.ts';
import { useApp } from '../model/store.ts';
import { Icon } from '../widgets/icon.tsx';
import { DetailEmpty } from './detail-empty.tsx';
import { PacketBody } from './packet-body.tsx';
import { PacketProblems } from './packet-problems.tsx';
import { step, usePacketCommands } from './packet-steps.ts';

/** The packet at hand: what is wrong with it, its fields and its octets. */
export function PacketPanel() {
  const packet = useApp((state) => state.place.packet);
  const { data, error } = useQuery('packet.get', packet === null ? null : { packet });
  usePacketCommands();
  const view = packet === null ? null : data;
  return (
    <section className="detail" aria-label="Packet">
      <div className="ph">
        <span className="mono t2">{packet === null ? '—' : `#${packet}`}</span>
        {view !== null && <span className="mono t3 trunc">{view.row.protocol}</span>}
        <span className="sp" />
        <button type="button" className="btn g sq" aria-label="Previous packet" title="Alt ↑" onClick={() => step(-1)}>
          <Icon name="up" small />
        </button>
        <button type="button" className="btn g sq" aria-label="Next packet" title="Alt ↓" onClick={() => step(1)}>
          <Icon name="down" small />
        </button>
      </div>
      {packet === null && (
        <DetailEmpty
          title="No packet selected"
          text="Select a packet, an arrow of the ladder or a problem to see its fields."
        />
      )}
      {packet !== null && error !== null && (
        <DetailEmpty severity="error" title={`Packet ${packet} cannot be shown`} text={error} />
      )}
      {view !== null && error === null && (
        <>
          <PacketProblems problems={view.problems} />
          <PacketBody view={view} />
        </>
      )}
    </section>
  );
}
