import type { KeyTrial, StreamListRow } from '../../../shared/engine-api.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';

/** Streams of a trial that are named. */
const MOST_SHOWN = 6;

/** What the key that is being typed does, as soon as that is known. */
export function TrialResult({
  trial,
  words,
  failure,
  isTrying,
  hint,
  nameOf,
}: {
  trial: KeyTrial | null;
  words: { readonly text: string; readonly severity: 'ok' | 'error' | 'note' } | null;
  failure: string | null;
  isTrying: boolean;
  /** What to type. */
  hint: string;
  nameOf: (stream: string) => StreamListRow | undefined;
}) {
  const streams = trial?.streams ?? [];
  const opened = streams.filter(({ authenticated }) => authenticated > 0);
  const shown = (opened.length > 0 ? opened : streams).slice(0, MOST_SHOWN);
  return (
    <div className="key-trial" role="status" aria-live="polite">
      {failure !== null ? (
        <p className="key-trial-line err">
          <SeverityGlyph severity="error" label="" />
          {failure}
        </p>
      ) : words !== null ? (
        <p className="key-trial-line strong">
          <SeverityGlyph severity={words.severity} label="" />
          {words.text}
        </p>
      ) : (
        <p className="key-trial-line t2">{isTrying ? 'Trying…' : hint}</p>
      )}
      {failure === null && shown.length > 0 && (
        <ul>
          {shown.map(({ stream, ssrc, src, dst, tried, authenticated }) => (
            <li key={stream}>
              <span className="mono">{ssrc}</span>
              <span className="trunc">{whoOf(nameOf(stream)) ?? `${src} → ${dst}`}</span>
              <span className={`mono num ${authenticated === 0 ? 't3' : ''}`}>
                {formatCount(authenticated)} of {formatCount(tried)}
              </span>
            </li>
          ))}
          {streams.length > shown.length && opened.length !== shown.length && (
            <li className="t3">and {formatCount(streams.length - shown.length)} more</li>
          )}
        </ul>
      )}
    </div>
  );
}

function whoOf(row: StreamListRow | undefined): string | null {
  return row === undefined || (row.fromName === null && row.toName === null)
    ? null
    : `${row.fromName ?? row.src} → ${row.toName ?? row.dst}`;
}
