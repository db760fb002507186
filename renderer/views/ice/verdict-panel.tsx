import type { IceRow } from '../../../shared/ice.ts';
import { copyText } from '../../detail/clipboard.ts';
import { getState } from '../../model/store.ts';
import { Icon } from '../../widgets/icon.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { OUTCOME_GLYPHS, verdictText } from './ice-words.ts';
import { PacketLinks } from './packet-links.tsx';

/** The first step that failed, in words: cause, proof, what to do next. */
export function VerdictPanel({ row }: { row: IceRow }) {
  const { outcome, verdict, explanation, advice, evidence } = row;
  return (
    <header className={`ice-verdict is-${outcome}`}>
      <SeverityGlyph severity={OUTCOME_GLYPHS[outcome]} label={outcome} />
      <h1>{verdict}</h1>
      <button type="button" className="btn" onClick={() => copy(row)}>
        <Icon name="copy" />
        Copy verdict
      </button>
      <div className="ice-verdict-text">
        {explanation !== '' && <p>{explanation}</p>}
        {advice !== null && (
          <p>
            <b>Next:</b> {advice}
          </p>
        )}
        {evidence.length > 0 && (
          <p className="ice-evidence">
            <span className="t3">Proof</span> <PacketLinks packets={evidence} most={6} />
          </p>
        )}
      </div>
    </header>
  );
}

function copy(row: IceRow): void {
  const { capture } = getState();
  const file = capture.status === 'none' ? '' : capture.name;
  void copyText(verdictText(row, file), 'The verdict');
}
