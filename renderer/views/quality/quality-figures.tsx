import './quality.css';
import type { QualityRating, ReportedQuality, StreamQuality } from '../../../shared/quality.ts';
import { countOf, UNKNOWN } from '../../model/format/numbers.ts';
import { formatClock } from '../../model/format/times.ts';
import { go } from '../../model/navigate.ts';
import { useApp } from '../../model/store.ts';
import { isReported, moreFigures, pairsOf, ratingParts } from './quality-words.ts';

/** Measured beside reported, bursts and clocks, what changed on the way, and how the rating came about. */
export function QualityFigures({ figures }: { figures: StreamQuality }) {
  return (
    <section className="quality" aria-label="Quality">
      {isReported(figures) ? (
        <Pairs figures={figures} />
      ) : (
        <p className="quality-none t3">No RTCP in the capture reports on this stream: all is measured here.</p>
      )}
      <dl className="stream-figures">
        {moreFigures(figures).map(({ name, value, unit, tone }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={`mono ${tone ?? ''}`}>
              {value}
              {unit !== '' && value !== UNKNOWN && <span className="t3"> {unit}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <Changes figures={figures} />
      {figures.rating !== null && <Made rating={figures.rating} />}
    </section>
  );
}

function Pairs({ figures }: { figures: StreamQuality }) {
  return (
    <table className="quality-pairs">
      <thead>
        <tr>
          <th scope="col" />
          <th scope="col">Measured here</th>
          <th scope="col" title="In RTCP, by who received the stream">
            Reported
          </th>
        </tr>
      </thead>
      <tbody>
        {pairsOf(figures).map(({ name, unit, measured, reported: theirs, tone }) => (
          <tr key={name}>
            <th scope="row">
              {name} <span className="t3">{unit}</span>
            </th>
            <td className={`mono ${tone}`}>{measured}</td>
            <td className="mono">{theirs}</td>
          </tr>
        ))}
      </tbody>
      {figures.reported !== null && <ReportsCaption reported={figures.reported} />}
    </table>
  );
}

function ReportsCaption({ reported }: { reported: ReportedQuality }) {
  const { reports, lastPacket, voipMetrics } = reported;
  return (
    <caption className="t3">
      {countOf(reports, 'report')} of RTCP about this stream
      {lastPacket !== null && (
        <>
          , the last in <PacketLink packet={lastPacket} />
        </>
      )}
      {voipMetrics !== null && (
        <>
          ; VoIP metrics (RFC 3611) in <PacketLink packet={voipMetrics.packet} />
        </>
      )}
      .
    </caption>
  );
}

/** More are counted only. */
const MOST_CHANGES = 8;

/** Packets of another length or another payload type than those before. */
function Changes({ figures: { ptimes, payloadTypes } }: { figures: StreamQuality }) {
  const zone = useApp((state) => state.timeZone);
  const changes = [
    ...ptimes.slice(1).map(({ time, packet, ms }) => ({ time, packet, what: `packets of ${ms} ms` })),
    ...payloadTypes.slice(1).map(({ time, packet, payloadType, codec }) => ({
      time,
      packet,
      what: `payload type ${payloadType}${codec === null ? '' : `, ${codec}`}`,
    })),
  ].toSorted((a, b) => a.time - b.time);
  if (changes.length === 0) return null;
  return (
    <ul className="quality-changes">
      {changes.slice(0, MOST_CHANGES).map(({ time, packet, what }) => (
        <li key={`${packet} ${what}`}>
          From <PacketLink packet={packet} /> <span className="mono t3">{formatClock(time, zone)}</span>: {what}
        </li>
      ))}
      {changes.length > MOST_CHANGES && <li className="t3">and {changes.length - MOST_CHANGES} more changes</li>}
    </ul>
  );
}

function Made({ rating }: { rating: QualityRating }) {
  return (
    <details className="quality-made">
      <summary>How the MOS comes about</summary>
      <dl className="stream-about">
        {ratingParts(rating).map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ul>
        {rating.assumed.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}

export function PacketLink({ packet }: { packet: number }) {
  return (
    <button type="button" className="pk" onClick={() => go({ packet, detail: 'packet' })}>
      #{packet}
    </button>
  );
}
