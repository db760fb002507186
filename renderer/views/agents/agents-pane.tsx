import './agents-pane.css';
import type { AgentRow } from '../../../shared/api.ts';
import { useQuery } from '../../client/use-query.ts';
import { countOf, formatCount } from '../../model/format/numbers.ts';
import { formatClock } from '../../model/format/times.ts';
import { go } from '../../model/navigate.ts';
import { useApp } from '../../model/store.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { agentFilter, clockWords, offsetText, typeWords } from './agent-words.ts';

/** More than anybody reads; the rest is counted. */
const MOST_SHOWN = 500;

/** Who reported what they captured (HEP), what each saw, and whether its clock is right. */
export function AgentsPane() {
  const { data, error } = useQuery('agents.get', {});
  if (error !== null) return <Empty title="The agents cannot be shown." text={error} />;
  if (data === null) return <section className="agents-pane" aria-label="Agents" aria-busy="true" />;
  if (data.length === 0) {
    return (
      <Empty
        title="No capture agent reports in this capture."
        text="Agents such as heplify or kamailio’s siptrace send what they see in HEP, versions 1 to 3, over UDP, TCP or HTTP."
      />
    );
  }
  return (
    <section className="agents-pane" aria-label="Agents">
      <div className="agents-scroll">
        <table className="grid agents-table">
          <colgroup>
            <col className="agents-c-number" />
            <col className="agents-c-name" />
            <col className="agents-c-sender" />
            <col className="agents-c-packets" />
            <col />
            <col className="agents-c-time" />
            <col className="agents-c-time" />
            <col className="agents-c-offset" />
            <col className="agents-c-clock" />
            <col className="agents-c-key" />
          </colgroup>
          <thead>
            <tr>
              <th className="num">#</th>
              <th>Agent</th>
              <th>Sends from</th>
              <th className="num">Messages</th>
              <th>Reported</th>
              <th>First</th>
              <th>Last</th>
              <th className="num">Clock offset s</th>
              <th>Clock</th>
              <th>Key</th>
            </tr>
          </thead>
          <tbody>
            {data.slice(0, MOST_SHOWN).map((agent) => (
              <Agent key={agent.number} agent={agent} />
            ))}
            {data.length > MOST_SHOWN && (
              <tr className="t3">
                <td colSpan={10}>and {countOf(data.length - MOST_SHOWN, 'more agent')}</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <p className="agents-note t3">
        What several agents saw of one packet is listed for each of them and counted once.
      </p>
    </section>
  );
}

function Agent({ agent }: { agent: AgentRow }) {
  const zone = useApp((state) => state.timeZone);
  const { number, name, sender, packets, firstTime, lastTime, authKey } = agent;
  const filter = agentFilter(agent);
  const types = typeWords(agent);
  const { words, severity, why } = clockWords(agent);
  return (
    <tr>
      <td className="m num t2">{number}</td>
      <td>
        <button
          type="button"
          className="link trunc"
          title={`Show its packets: ${filter}`}
          onClick={() => go({ view: 'packets', filter })}
        >
          {name}
        </button>
      </td>
      <td className="m">{sender}</td>
      <td className="m num">{formatCount(packets)}</td>
      <td className="trunc" title={types}>
        {types}
      </td>
      <td className="m">{formatClock(firstTime, zone)}</td>
      <td className="m">{formatClock(lastTime, zone)}</td>
      <td className={agent.clockOffsetSeconds === null ? 'm num t3' : 'm num'}>{offsetText(agent)}</td>
      <td title={why}>
        <span className="cell">
          {severity !== null && <SeverityGlyph severity={severity} label="" />}
          {words}
        </span>
      </td>
      <td className={authKey === 'present' ? 'm' : 't3'}>{authKey === 'present' ? '••••••••' : 'none'}</td>
    </tr>
  );
}

function Empty({ title, text }: { title: string; text: string }) {
  return (
    <section className="agents-pane agents-empty" aria-label="Agents">
      <h2>{title}</h2>
      <p className="t2">{text}</p>
    </section>
  );
}
