import type { ReactNode } from 'react';
import type { ComparePoint, CompareRow } from '../../../shared/compare.ts';
import { CARRIERS } from '../../detail/stream-figures.tsx';
import { formatCount, formatNumber } from '../../model/format/numbers.ts';
import { go } from '../../model/navigate.ts';
import { jitterTone } from '../../widgets/grid/figures.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { clockWords, delayText, ENCRYPTION, graveness, packetNotes } from './compare-words.ts';

/** What became of a stream between two points: the verdict, what was changed, and both points side by side. */
export function PointsPanel({ row }: { row: CompareRow }) {
  const grave = graveness(row);
  return (
    <>
      <section className={`compare-verdict is-${grave}`} aria-label="Verdict">
        <SeverityGlyph severity={grave} label="" />
        <div>
          <h1>{row.verdict}</h1>
          <Changes row={row} />
        </div>
      </section>
      <table className="grid compare-points" aria-label="Both points">
        <colgroup>
          <col className="compare-c-name" />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th>
              <span className="hidden-text">What</span>
            </th>
            <PointHead name="A" point={row.a} note={row.orderBy === null ? '' : 'packets pass here first'} />
            <PointHead name="B" point={row.b} note={row.orderBy === null ? '' : 'and then here'} />
          </tr>
        </thead>
        <tbody>
          <Line name="Stream" row={row} cell={streamCell} />
          <Line name="From → to" row={row} isMono cell={({ src, dst }) => `${src} → ${dst}`} />
          {(row.a.interface !== null || row.b.interface !== null) && (
            <Line name="Interface" row={row} isMono cell={(point) => point.interface ?? '—'} />
          )}
          {(row.a.carriedIn !== 'udp' || row.b.carriedIn !== 'udp') && (
            <Line name="Carried in" row={row} cell={carriedCell} />
          )}
          <Line name="Packets" row={row} cell={packetsCell} />
          <Line name="Jitter, mean" row={row} cell={jitterCell} />
          <Line name="Encryption" row={row} cell={({ encrypted }) => ENCRYPTION[encrypted]} />
        </tbody>
      </table>
      <Delay row={row} />
    </>
  );
}

function PointHead({ name, point, note }: { name: string; point: ComparePoint; note: string }) {
  return (
    <th scope="col">
      <span className="chip">{name}</span> <span className="t2">{point.capture}</span> {note}
    </th>
  );
}

function Line({
  name,
  row,
  cell,
  isMono = false,
}: {
  name: string;
  row: CompareRow;
  cell: (point: ComparePoint) => ReactNode;
  isMono?: boolean;
}) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {[row.a, row.b].map((point, at) => (
        <td key={at} className={isMono ? 'm' : ''}>
          {cell(point)}
        </td>
      ))}
    </tr>
  );
}

function streamCell({ stream, ssrc, isOther }: ComparePoint): ReactNode {
  const number = stream.slice(1);
  return (
    <>
      {isOther ? (
        `Stream ${number}`
      ) : (
        <button type="button" className="link" onClick={() => go({ view: 'streams', stream, detail: 'stream' })}>
          Stream {number}
        </button>
      )}{' '}
      <span className="mono t2">{ssrc}</span>
    </>
  );
}

function carriedCell({ carriedIn }: ComparePoint): string {
  return carriedIn === 'udp' ? 'nothing: on the wire itself' : (CARRIERS[carriedIn] ?? carriedIn);
}

function packetsCell(point: ComparePoint): ReactNode {
  const notes = packetNotes(point);
  return (
    <>
      <span className="mono">{formatCount(point.packets)}</span> {notes !== '' && <span className="t3">{notes}</span>}
    </>
  );
}

function jitterCell({ jitterMs }: ComparePoint): ReactNode {
  return (
    <>
      <span className={`mono ${jitterTone(jitterMs)}`}>{formatNumber(jitterMs, 2)}</span>{' '}
      <span className="t3">ms, RFC 3550</span>
    </>
  );
}

const DELAYS = [
  ['minMs', 'fastest'],
  ['medianMs', 'half under'],
  ['p95Ms', '95 % under'],
  ['maxMs', 'slowest'],
] as const;

function Delay({ row }: { row: CompareRow }) {
  const { delay } = row;
  if (delay === null) return null;
  const clocks = clockWords(row);
  const isRelative = delay.kind === 'relative';
  // The fastest is what the others are measured by.
  const shown = DELAYS.filter(([which]) => !isRelative || which !== 'minMs');
  return (
    <div className="compare-delay">
      <dl>
        <div>
          <dt>Delay, A to B</dt>
          <dd className="t3">{isRelative ? 'ms beyond the fastest packet; two clocks' : 'ms'}</dd>
        </div>
        {shown.map(([which, words]) => (
          <div key={which}>
            <dt className="t3">{words}</dt>
            <dd className="mono">{delayText(delay, which)}</dd>
          </div>
        ))}
      </dl>
      {clocks !== null && <p className="t3">{clocks}</p>}
      {row.orderBy === null && <p className="t3">Nothing says which of the points packets passed first.</p>}
    </div>
  );
}

function Changes({ row: { changes, matchedBy } }: { row: CompareRow }) {
  if (changes.length === 0) return <p className="t2">Nothing else was changed between the points.</p>;
  return (
    <ul className="compare-changes t2" aria-label="Changes">
      {changes.map(({ field, message, from }) => (
        <li key={`${field} ${from}`}>{message}</li>
      ))}
      {matchedBy === 'payload' && <li>Their payloads show that they are one stream.</li>}
    </ul>
  );
}
