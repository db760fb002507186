import './ice.css';
import type { IceCandidateRow, IceSessionRow } from '../../../shared/ice.ts';
import { DetailEmpty } from '../../detail/detail-empty.tsx';
import { formatCount, UNKNOWN } from '../../model/format/numbers.ts';
import { useApp } from '../../model/store.ts';
import { titleOf } from './ice-words.ts';
import { Candidate } from './pair-table.tsx';
import { PacketLinks } from './packet-links.tsx';
import { useIceDetail } from './use-ice-detail.ts';

const MOST_SHOWN = 300;
const FROM: Readonly<Record<IceCandidateRow['from'], string>> = {
  sdp: 'SDP',
  trickle: 'trickled',
  check: 'a check',
  turn: 'TURN',
};

/** The candidates of both sides, and how the capture knows of them. */
export function CandidatesPanel() {
  const id = useApp((state) => state.place.ice);
  const { detail } = useIceDetail();
  const session = detail?.session ?? null;
  const count = session?.candidates.length ?? 0;
  return (
    <section className="detail" aria-label="Candidates">
      <div className="ph">
        <span className="t2">{session === null ? UNKNOWN : titleOf(session)}</span>
        <span className="sp" />
        {session !== null && <span className="t3">{formatCount(count)} known</span>}
      </div>
      {session === null || count === 0 ? (
        <DetailEmpty title={id === null ? 'No session selected' : 'No candidates'} text={emptyText(id, session)} />
      ) : (
        <div className="ice-candidates" tabIndex={0} role="group" aria-label="Candidates of both sides">
          <Side side="local" title="Local" session={session} />
          <Side side="remote" title="Remote" session={session} />
        </div>
      )}
    </section>
  );
}

function emptyText(id: string | null, session: IceSessionRow | null): string {
  if (id === null) return 'Select a session to see the candidates of both sides.';
  return session === null
    ? 'TURN alone has none: they belong to ICE sessions.'
    : 'Neither signalling nor checks of this session name one.';
}

function Side({ side, title, session }: { side: 'local' | 'remote'; title: string; session: IceSessionRow }) {
  const rows = session.candidates.filter((candidate) => candidate.side === side);
  const { ufrag } = session[side];
  return (
    <>
      <div className="ph">
        <h2>{title}</h2>
        <span className="t3 ice-note">
          {formatCount(rows.length)}
          {ufrag !== null && (
            <>
              , ufrag <span className="mono">{ufrag}</span>
            </>
          )}
        </span>
      </div>
      <table className="grid" aria-label={`${title} candidates`}>
        <colgroup>
          <col />
          <col style={{ width: 34 }} />
          <col style={{ width: 82 }} />
          <col style={{ width: 64 }} />
          <col style={{ width: 58 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Candidate</th>
            <th className="num" title="Component: 1 RTP, 2 RTCP">
              C
            </th>
            <th className="num">Priority</th>
            <th>From</th>
            <th className="num">Packet</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_SHOWN).map((row, i) => (
            // The same address may be announced twice.
            <tr key={i} title={tipOf(row)}>
              <td className="m">
                <Candidate type={row.type} address={row.transport === 'tcp' ? `${row.address} TCP` : row.address} />
              </td>
              <td className="m num">{row.component}</td>
              <td className={`m num ${row.priority === null ? 't3' : ''}`}>{row.priority ?? UNKNOWN}</td>
              <td className="t2">{FROM[row.from]}</td>
              <td>
                <span className="cell ice-links">
                  <PacketLinks packets={row.packet === null ? [] : [row.packet]} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function tipOf({ address, foundation, related }: IceCandidateRow): string {
  return [
    address,
    related === null ? '' : `related to ${related}`,
    foundation === null ? '' : `foundation ${foundation}`,
  ]
    .filter((text) => text !== '')
    .join(', ');
}
