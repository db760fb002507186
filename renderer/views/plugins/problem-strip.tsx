import { useState } from 'react';
import { goToLine } from '../../model/plugins.ts';
import { usePlugins } from '../../model/plugins-state.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { placeWords, type ShownProblem } from './plugin-words.ts';

/** More than fit are counted until they are asked for. */
const FIRST_SHOWN = 4;

/** What is wrong with the text, each leading to its line; the keys of the editor where nothing is. */
export function ProblemStrip({ problems }: { problems: readonly ShownProblem[] }) {
  const isTrying = usePlugins((state) => state.isTrying);
  const failure = usePlugins((state) => state.trialFailure);
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? problems : problems.slice(0, FIRST_SHOWN);
  const more = problems.length - shown.length;
  return (
    <section className="plugins-problems" aria-label="What is wrong">
      <ul>
        {shown.map((problem) => (
          <Problem key={`${problem.line} ${problem.column} ${problem.message}`} problem={problem} />
        ))}
      </ul>
      <div className="plugins-hint t3">
        {failure !== null ? (
          <span className="err">{failure}</span>
        ) : problems.length === 0 ? (
          <>
            <SeverityGlyph severity={isTrying ? 'running' : 'ok'} label="" />
            <span role="status">{isTrying ? 'Trying it…' : 'Compiles'}</span>
          </>
        ) : null}
        {(more > 0 || isOpen) && (
          <button type="button" className="link" onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Fewer' : `${more} more`}
          </button>
        )}
        <span className="sp" />
        <span className="plugins-keys">
          <kbd>Esc</kbd> leaves · <kbd>Ctrl</kbd> <kbd>M</kbd> frees Tab · <kbd>Ctrl</kbd> <kbd>Space</kbd> completes
        </span>
      </div>
    </section>
  );
}

function Problem({ problem }: { problem: ShownProblem }) {
  const { message, line, column, kind } = problem;
  const place = placeWords({ line, column });
  const content = (
    <>
      <SeverityGlyph severity={kind === 'error' ? 'error' : 'warning'} label={kind === 'error' ? 'error' : 'type'} />
      <span className="mono t3">{place === '' ? '—' : place}</span>
      <span className="trunc" title={message}>
        {message}
      </span>
    </>
  );
  return (
    <li>
      {line === null ? (
        <span className="plugins-problem">{content}</span>
      ) : (
        <button type="button" className="plugins-problem" onClick={() => goToLine(line, column ?? 1)}>
          {content}
        </button>
      )}
    </li>
  );
}
