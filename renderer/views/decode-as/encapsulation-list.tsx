import './decode-notes.css';
import type { EncapsulationRow } from '../../../shared/decode-as.ts';
import type { StreamListRow } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { addRule, openDecodeAs } from '../../model/decode-as.ts';
import { countOf } from '../../model/format/numbers.ts';
import { useApp } from '../../model/store.ts';
import { carrierOf, groupEncapsulations, headerLines, whatText } from './encapsulation-words.ts';

/** What comes after the octets skipped. */
const FOLLOWS = { ip: 'IP…', udp: 'UDP…', rtp: 'RTP…', payload: 'payload…' } as const;

/** Packets that were found behind headers nobody knows, in the overview: what was found, why, and what to do about it. */
export function EncapsulationList() {
  const { data } = useQuery('decodeAs.encapsulations', {});
  const groups = groupEncapsulations(data ?? []);
  if (groups.length === 0) return null;
  return (
    <section aria-labelledby="overview-encapsulations">
      <div className="ph">
        <h2 id="overview-encapsulations">Found behind unknown headers</h2>
      </div>
      <ul>
        {groups.map((rows) => (
          <li key={`${rows[0].src} ${rows[0].dst}`} className="decode-note">
            <p>
              <span className="strong">{whatText(rows[0])}</span>{' '}
              <span className="mono">
                {rows[0].src} {rows.length > 1 ? '↔' : '→'} {rows[0].dst}
              </span>
              ,{' '}
              {countOf(
                rows.reduce((sum, { packets }) => sum + packets, 0),
                'packet',
              )}
              .
            </p>
            <EncapsulationEvidence rows={rows} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The same above the figures of a stream that was taken out of such packets. */
export function EncapsulationNote({ stream }: { stream: StreamListRow }) {
  const isFound = stream.carriedIn === 'udp-encap';
  const { data } = useQuery('decodeAs.encapsulations', isFound ? {} : null);
  const isAsked = isFound && data !== null && data.length > 0;
  const { data: page } = useQuery('stream.packets', isAsked ? { stream: stream.id, from: 0, count: 1 } : null);
  const packet = page?.rows[0]?.packet ?? null;
  const { data: view } = useQuery('packet.get', packet === null ? null : { packet });
  const outer = view === null ? null : carrierOf(view.nodes);
  const row =
    outer === null ? undefined : data?.find(({ src, dst }) => src === outer.source && dst === outer.destination);
  if (row === undefined) return null;
  return (
    <div className="decode-note is-banner" role="note">
      <p>
        <span className="strong">{whatText(row)}</span> in packets{' '}
        <span className="mono">
          {row.src} → {row.dst}
        </span>
        , found without a rule.
      </p>
      <EncapsulationEvidence rows={[row]} />
    </div>
  );
}

/** Why it was believed, its first octets, and the two answers to it. */
function EncapsulationEvidence({ rows }: { rows: readonly EncapsulationRow[] }) {
  const isBusy = useApp((state) => state.rereading !== null);
  const [{ evidence, headerSample, skip, as, rule, src, dst }] = rows;
  const lines = headerLines(headerSample);
  const leave = (): void => {
    void addRule(`udp.flow==${src}-${dst},none`, 'capture', 'Left wrapped');
  };
  return (
    <>
      <p className="t2">{evidence}</p>
      {lines.length > 0 && (
        <div className="decode-hex mono" role="img" aria-label={`Headers of the first packets: ${lines.join('; ')}`}>
          {lines.map((line, at) => (
            // What a header is differs from packet to packet, or does not.
            <div key={at}>
              <mark>{line}</mark>
              <span className="t3">
                {line.length < skip * 3 - 1 ? ' … ' : ' '}
                {FOLLOWS[as]}
              </span>
            </div>
          ))}
        </div>
      )}
      <span className="decode-ways">
        <button
          type="button"
          className="btn"
          disabled={isBusy}
          title={rule}
          onClick={() => void addRule(rule, 'capture', 'Kept as a rule')}
        >
          Keep as a rule
        </button>
        <button type="button" className="btn" disabled={isBusy} onClick={leave}>
          Undo (leave it wrapped)
        </button>
        <button
          type="button"
          className="link"
          onClick={() => openDecodeAs({ transport: 'udp', source: src, destination: dst, ssrc: '' })}
        >
          Another rule…
        </button>
      </span>
    </>
  );
}
