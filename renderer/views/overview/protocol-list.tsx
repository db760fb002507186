import type { ProtocolShare } from '../../../shared/engine-api.ts';
import { go } from '../../model/navigate.ts';
import { protocolCondition, protocolTitle } from '../../model/protocols.ts';
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
            <Protocol protocol={protocol} />
            <span className="t2">{note}</span>
            <span className="mono num overview-percent">{percent.toFixed(1)}</span>
            <span className="mono num overview-packets">{formatCount(packets)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Protocol({ protocol }: { protocol: string }) {
  const filter = protocolCondition(protocol);
  const look = { className: 'proto', style: { '--pc': protocolColour(protocol) } as React.CSSProperties };
  if (filter === null) return <span {...look}>{protocolTitle(protocol)}</span>;
  return (
    <button type="button" {...look} className="proto overview-name" onClick={() => go({ view: 'packets', filter })}>
      {protocolTitle(protocol)}
    </button>
  );
}
