import { go } from '../../model/navigate.ts';
import { useApp } from '../../model/store.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { Icon } from '../../widgets/icon.tsx';
import { rowOf, titleOf } from './ice-words.ts';
import { useIceDetail } from './use-ice-detail.ts';

/** The session or allocation at hand and its parts, for the sidebar. */
export function IceContext() {
  const { iceLower, detail: pane } = useApp((state) => state.place);
  const { detail } = useIceDetail();
  const row = detail === null ? null : rowOf(detail);
  if (detail === null || row === null) return null;
  const entry = (isHere: boolean): string => (isHere ? 'nav sub here' : 'nav sub');
  return (
    <>
      <div className="nav-h">
        <span>{titleOf(row)}</span>
        <span className="sp" />
        <span>{row.outcome}</span>
      </div>
      <button
        type="button"
        className={entry(iceLower === 'session')}
        onClick={() => go({ view: 'ice', iceLower: 'session' })}
      >
        <Icon name="ice" />
        {row.kind === 'ice-session' ? 'Session' : 'Allocation'}
        <span className="n">{formatCount(detail.packetCount)}</span>
      </button>
      <button
        type="button"
        className={entry(iceLower === 'ladder')}
        onClick={() => go({ view: 'ice', iceLower: 'ladder' })}
      >
        <Icon name="ladder" />
        Ladder
      </button>
      {row.kind === 'ice-session' && (
        <button
          type="button"
          className={entry(pane === 'candidates')}
          onClick={() => go({ view: 'ice', detail: 'candidates' })}
        >
          <Icon name="packets" />
          Candidates
          <span className="n">{formatCount(row.candidates.length)}</span>
        </button>
      )}
    </>
  );
}
