import './quality.css';
import type { StreamQuality } from '../../../shared/quality.ts';
import { formatNumber } from '../../model/format/numbers.ts';
import { mosTone } from '../../widgets/grid/figures.ts';
import { scaleOf } from './quality-words.ts';

/** How the stream sounded: its MOS, or why it has none, and what its figures say. */
export function QualityHead({ figures }: { figures: StreamQuality }) {
  const { rating, notRatedBecause, sentences } = figures;
  return (
    <section className="quality-head" aria-label="How it sounded">
      <p className="quality-mos">
        <b className={`mono ${mosTone(rating?.value ?? null)}`}>{formatNumber(rating?.value ?? null, 2)}</b>
        <span className="strong">MOS</span>
        <span className="t2">{rating === null ? notRatedText(notRatedBecause) : scaleOf(rating)}</span>
      </p>
      {sentences.length > 0 && (
        <ul className="quality-says">
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function notRatedText(reason: string | null): string {
  return reason === null ? 'Not rated.' : `Not rated: ${reason}.`;
}
