import type { StreamListRow } from '../../../shared/engine-api.ts';
import { go } from '../../model/navigate.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { Spark } from './spark.tsx';

/** The streams that lost most, with loss and jitter over their time; one scale per column. */
export function WorstStreams({ streams, of }: { streams: readonly StreamListRow[]; of: number }) {
  if (streams.length === 0) return null;
  const mostLoss = Math.max(1, ...streams.flatMap(({ sparks }) => sparks.lossPercent));
  const mostJitter = Math.max(1, ...streams.flatMap(({ sparks }) => sparks.jitterMs.filter(Number.isFinite)));
  return (
    <section className="overview-worst" aria-labelledby="overview-worst">
      <div className="ph">
        <h2 id="overview-worst">Worst streams</h2>
        <span className="t3">
          by loss, {formatCount(streams.length)} of {formatCount(of)}; bars and lines share one scale per column
        </span>
      </div>
      <table className="grid">
        <colgroup>
          <col style={{ width: 92 }} />
          <col style={{ width: 106 }} />
          <col />
          <col style={{ width: 72 }} />
          <col style={{ width: 62 }} />
          <col style={{ width: 104 }} />
          <col style={{ width: 100 }} />
          <col style={{ width: 116 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Stream</th>
            <th>SSRC</th>
            <th>From → to</th>
            <th>Codec</th>
            <th className="num">Loss %</th>
            <th>over time</th>
            <th className="num">Max jitter ms</th>
            <th>over time</th>
          </tr>
        </thead>
        <tbody>
          {streams.map((stream) => (
            <tr key={stream.id} onClick={() => show(stream)}>
              <td>
                <span className="cell">
                  <button type="button" className="overview-name">
                    {stream.callNumber === null ? `Stream ${stream.number}` : `Call ${stream.callNumber}`}
                  </button>
                  {stream.side !== null && <span className={`chip ${stream.side.toLowerCase()}`}>{stream.side}</span>}
                </span>
              </td>
              <td className="m">{stream.ssrc}</td>
              <td>
                {stream.fromName ?? stream.src} → {stream.toName ?? stream.dst}
              </td>
              <td className="m">{stream.codec ?? '—'}</td>
              <td className={`m num ${lossClass(stream.lostPercent)}`}>{stream.lostPercent.toFixed(1)}</td>
              <td>
                <Spark kind="bars" values={stream.sparks.lossPercent} most={mostLoss} />
              </td>
              <td className={`m num ${(stream.jitterMs.max ?? 0) > 30 ? 'warn' : ''}`}>
                {stream.jitterMs.max?.toFixed(1) ?? '—'}
              </td>
              <td>
                <Spark
                  kind="line"
                  values={stream.sparks.jitterMs}
                  most={mostJitter}
                  isBad={(stream.jitterMs.max ?? 0) > 30}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function lossClass(percent: number): string {
  return percent > 5 ? 'err' : percent > 1 ? 'warn' : '';
}

function show(stream: StreamListRow): void {
  if (stream.call === null) go({ view: 'streams', stream: stream.id, detail: 'stream' });
  else go({ view: 'calls', call: stream.call, stream: stream.id, detail: 'stream' });
}
