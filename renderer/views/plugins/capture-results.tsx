import type { PluginTrial } from '../../../shared/plugins.ts';
import { countOf, formatBytes } from '../../model/format/numbers.ts';
import { go } from '../../model/navigate.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { FaultLine } from './dissector-result.tsx';

/** Packets of a finding that are linked. */
const MOST_LINKS = 5;

/** What a check finds in the open capture. */
export function CheckResult({ result: { check, problems, error } }: { result: PluginTrial['checks'][number] }) {
  return (
    <section className="trial-part" aria-label={`Check ${check}`}>
      <p className="trial-verdict">
        <SeverityGlyph severity={error !== null ? 'error' : problems.length > 0 ? 'note' : 'ok'} label="" />
        <span>
          <span className="strong">{check}</span> finds{' '}
          {problems.length === 0 ? 'nothing in this capture' : countOf(problems.length, 'problem')}
        </span>
      </p>
      {error !== null && <FaultLine {...error} />}
      <ul className="trial-problems">
        {problems.map(({ severity, title, message, packets }, index) => (
          // Findings may be alike.
          <li key={index}>
            <p className="trial-verdict">
              <SeverityGlyph severity={severity} />
              <span className="strong trunc">{title}</span>
              <span className="sp" />
              {packets.slice(0, MOST_LINKS).map((packet) => (
                <button type="button" className="pk" key={packet} onClick={() => go({ packet })}>
                  #{packet}
                </button>
              ))}
              {packets.length > MOST_LINKS && <span className="t3">and {packets.length - MOST_LINKS} more</span>}
            </p>
            <p className="t2">{message}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The beginning of what an export writes. */
export function ExportResult({
  result: { export: id, text, bytes, error },
}: {
  result: PluginTrial['exports'][number];
}) {
  const words = error !== null ? 'failed' : bytes === 0 ? 'has nothing to write yet' : `writes ${formatBytes(bytes)}`;
  return (
    <section className="trial-part" aria-label={`Export ${id}`}>
      <p className="trial-verdict">
        <SeverityGlyph severity={error === null ? 'ok' : 'error'} label="" />
        <span>
          <span className="strong">{id}</span> {words}
        </span>
      </p>
      {error !== null && <FaultLine {...error} />}
      {text !== '' && (
        <pre className="trial-text mono" tabIndex={0} aria-label={`What ${id} writes`}>
          {text}
        </pre>
      )}
    </section>
  );
}
