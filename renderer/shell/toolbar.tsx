import './toolbar.css';
import { runCommand } from '../model/commands.ts';
import { goBack, goForward } from '../model/navigate.ts';
import { useApp } from '../model/store.ts';
import { toggleTheme } from '../model/theme.ts';
import { Icon } from '../widgets/icon.tsx';
import { FilterField } from './filter-field.tsx';
import { GoToTime } from './go-to-time.tsx';
import { pickCapture } from './shell-commands.ts';
import { formatBytes } from '../model/format/numbers.ts';

export function Toolbar() {
  const capture = useApp((state) => state.capture);
  const canGoBack = useApp((state) => state.back.length > 0);
  const canGoForward = useApp((state) => state.forward.length > 0);
  const bytes =
    capture.status === 'open'
      ? capture.result.info.bytes
      : capture.status === 'reading'
        ? (capture.progress?.bytesTotal ?? -1)
        : -1;
  return (
    <header className="toolbar">
      <span className="toolbar-history">
        <button type="button" className="btn g sq" aria-label="Back" disabled={!canGoBack} onClick={goBack}>
          <Icon name="back" />
        </button>
        <button type="button" className="btn g sq" aria-label="Forward" disabled={!canGoForward} onClick={goForward}>
          <Icon name="forward" />
        </button>
      </span>
      <button type="button" className="btn" onClick={() => void pickCapture()}>
        <Icon name="open" />
        Open…
      </button>
      {capture.status !== 'none' && (
        <span className="toolbar-file" title={capture.path ?? capture.name}>
          <b className="trunc">{capture.name}</b>
          {bytes >= 0 && <span className="t3">{formatBytes(bytes)}</span>}
        </span>
      )}
      <FilterField />
      <GoToTime />
      <span className="toolbar-history">
        <button
          type="button"
          className="btn g sq"
          aria-label="Command palette"
          title="Command palette (Ctrl K)"
          onClick={() => runCommand('palette.open')}
        >
          <Icon name="palette" />
        </button>
        <button
          type="button"
          className="btn g sq"
          aria-label="Switch between dark and light"
          title="Switch between dark and light"
          onClick={toggleTheme}
        >
          <Icon name="theme" />
        </button>
      </span>
    </header>
  );
}
