import type { Overview } from '../../../shared/engine-api.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { go } from '../../model/navigate.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { OUTCOME_GLYPHS, titleOf } from '../ice/ice-words.ts';

/** What became of ICE and TURN, the gravest first. */
export function IceList({ rows, of }: { rows: Overview['ice']; of: number }) {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="overview-ice">
      <div className="ph">
        <h2 id="overview-ice">ICE and TURN</h2>
        {of > rows.length && (
          <span className="t3">
            {formatCount(rows.length)} of {formatCount(of)}
          </span>
        )}
      </div>
      <ul>
        {rows.map((row) => (
          <li className="overview-line" key={row.id}>
            <SeverityGlyph severity={OUTCOME_GLYPHS[row.outcome]} label={row.outcome} />
            <span className="trunc">{row.verdict}</span>
            <button
              type="button"
              className="link"
              onClick={() => go({ view: 'ice', ice: row.id, iceLower: 'session' })}
            >
              {titleOf(row)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
