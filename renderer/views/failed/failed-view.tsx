import './failed-view.css';
import { openCapture } from '../../model/open.ts';
import { update, useApp } from '../../model/store.ts';
import { pickCapture } from '../../shell/shell-commands.ts';
import { Icon } from '../../widgets/icon.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';

/** A file that could not be read: what it is, and the way on. */
export function FailedView() {
  const capture = useApp((state) => state.capture);
  if (capture.status !== 'failed') return null;
  const { name, message, before } = capture;
  const [headline, ...rest] = message.split('\n');
  const copy = (): void => {
    void navigator.clipboard.writeText(`${name}: ${message}`).then(() => update({ notice: 'Copied.' }));
  };
  return (
    <div className="failed" role="alert">
      <SeverityGlyph severity="error" />
      <h1>{headline}</h1>
      {rest.length > 0 && <pre className="mono">{rest.join('\n')}</pre>}
      <div className="failed-ways">
        <button type="button" className="btn p" onClick={() => void pickCapture()}>
          Open another…
        </button>
        <button type="button" className="btn" onClick={copy}>
          <Icon name="copy" />
          Copy details
        </button>
        {before !== null && (
          <button type="button" className="btn g" onClick={() => void openCapture({ kind: 'path', path: before })}>
            Back to {before.split(/[\\/]/).at(-1)}
          </button>
        )}
      </div>
    </div>
  );
}
