import type { ProtocolShare } from '../../../shared/engine-api.ts';
import { go } from '../../model/navigate.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { protocolColour } from '../../widgets/protocol-colour.ts';

/** Packets by topmost protocol; a row filters the packets by it. */
export function ProtocolList({ rows }: { rows: readonly ProtocolShare[] }) {
  return (
    <section aria-labelledby="overview-protocols">
      <div className="ph">
        <h2 id="overview-protocols">Protocols</h2>
        <span className="sp" />
        <span className="t3 overview-percent">%</span>
        <span className="t3 overview-packets">packets</span>
      </div>
      <ul>
        {rows.map(({ protocol, packets, percent, note }) => (
          <li className="overview-line is-protocol" key={protocol}>
            <button
              type="button"
              className="proto overview-name"
              style={{ '--pc': protocolColour(protocol) } as React.CSSProperties}
              onClick={() => go({ view: 'packets', filter: protocol.toLowerCase() })}
            >
              {protocol}
            </button>
            <span className="t2">{note}</span>
            <span className="mono num overview-percent">{percent.toFixed(1)}</span>
            <span className="mono num overview-packets">{formatCount(packets)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
