import './failed-view.css';
import type { OpenFailure } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { copyText } from '../../detail/clipboard.ts';
import { openCapture } from '../../model/open.ts';
import { useApp } from '../../model/store.ts';
import { pickCapture } from '../../shell/shell-commands.ts';
import { Icon } from '../../widgets/icon.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';

/** A file that could not be read: what it is, why that usually is, its first octets, and the way on. */
export function FailedView() {
  const capture = useApp((state) => state.capture);
  const { data: failure } = useQuery('capture.failure', {});
  if (capture.status !== 'failed') return null;
  const { name, message, before } = capture;
  const details = failure === null ? '' : detailsOf(failure);
  return (
    <div className="failed" role="alert">
      <SeverityGlyph severity="error" />
      <h1>{failure?.message ?? message}</h1>
      {failure?.advice != null && <p className="t2">{failure.advice}</p>}
      {details !== '' && <pre className="mono">{details}</pre>}
      <div className="failed-ways">
        <button type="button" className="btn p" onClick={() => void pickCapture()}>
          Open another…
        </button>
        <button
          type="button"
          className="btn"
          onClick={() => void copyText(`${name}: ${message}\n${details}`, 'The details')}
        >
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

/** The first octets as a hex dump's line, and what would have been there. */
function detailsOf({ firstBytes, expected }: OpenFailure): string {
  if (firstBytes.length === 0) return '';
  const hex = [...firstBytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = [...firstBytes].map((byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
  return `0000  ${hex}  ${text}${expected === '' ? '' : `\nexpected ${expected}`}`;
}
