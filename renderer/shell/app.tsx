import './app.css';
import { useEffect } from 'react';
import { compare } from '../model/compare.ts';
import { openCapture, openFile } from '../model/open.ts';
import { useApp } from '../model/store.ts';
import { PlayerBar } from '../player/player-bar.tsx';
import { StreamChoice } from '../views/compare/stream-choice.tsx';
import { CodecDialog } from '../views/decode-as/codec-dialog.tsx';
import { DecodeAsDialog } from '../views/decode-as/decode-as-dialog.tsx';
import { addDecodeAsCommands } from '../views/decode-as/open-decode-as.ts';
import { FailedView } from '../views/failed/failed-view.tsx';
import { EspDialog } from '../views/keys/esp-dialog.tsx';
import { KeyDialog } from '../views/keys/key-dialog.tsx';
import { OverviewView } from '../views/overview/overview-view.tsx';
import { PluginsPane } from '../views/plugins/plugins-pane.tsx';
import { StartView } from '../views/start/start-view.tsx';
import { SeverityGlyph } from '../widgets/severity.tsx';
import { DropZone } from './drop-zone.tsx';
import { FileChooser } from './file-chooser.tsx';
import { addShellCommands } from './shell-commands.ts';
import { listenToKeys } from './keys.ts';
import { Palette } from './palette.tsx';
import { PartialBanner } from './partial-banner.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { Sidebar } from './sidebar.tsx';
import { StatusBar } from './status-bar.tsx';
import { Toolbar } from './toolbar.tsx';
import { Workspace } from './workspace.tsx';

const openPath = (path: string): void => void openCapture({ kind: 'path', path });
const compareWith = (path: string): void => void compare({ other: path, streams: null });

/** The whole window. */
export function App() {
  const disconnected = useApp((state) => state.disconnected);
  const status = useApp((state) => state.capture.status);
  const view = useApp((state) => state.place.view);
  const overlay = useApp((state) => state.overlay);
  const notice = useApp((state) => state.notice);
  const name = useApp(({ capture }) => (capture.status === 'none' ? null : capture.name));
  useEffect(() => addShellCommands(), []);
  useEffect(() => addDecodeAsCommands(), []);
  useEffect(() => listenToKeys(), []);
  // A browser shows the page's own title; Electron is told by `shell.setTitle`.
  useEffect(() => {
    document.title = name === null ? 'Earshot' : `${name} · Earshot`;
  }, [name]);

  if (disconnected !== null) return <Disconnected message={disconnected} />;
  const hasCapture = status === 'open' || status === 'reading';
  return (
    <div className={hasCapture ? 'app' : 'app noside'}>
      <Toolbar />
      {hasCapture && <Sidebar />}
      <main className="main app-main">
        {hasCapture && <PartialBanner />}
        {status === 'none' && view !== 'plugins' && <StartView />}
        {status === 'none' && view === 'plugins' && <PluginsPane />}
        {status === 'failed' && <FailedView />}
        {hasCapture && view === 'overview' && <OverviewView />}
        {hasCapture && view !== 'overview' && (
          <div className="app-work">
            <Workspace key={view} view={view} />
            {/* What ICE and TURN did fills the height, as do comparisons and plugins; nothing of it is heard. */}
            {view !== 'ice' && view !== 'compare' && view !== 'plugins' && <PlayerBar />}
          </div>
        )}
      </main>
      <StatusBar />
      <div className="app-notice" role="status" aria-live="polite">
        {notice}
      </div>
      <DropZone />
      {overlay === 'palette' && <Palette />}
      {overlay === 'shortcuts' && <ShortcutSheet />}
      {overlay === 'chooser' && (
        <FileChooser label="Open a capture" action="Open" onPath={openPath} onFile={openFile} />
      )}
      {overlay === 'compare-chooser' && (
        <FileChooser label="Compare with another capture" action="Compare" onPath={compareWith} />
      )}
      {overlay === 'compare-stream' && <StreamChoice />}
      {overlay === 'srtp-key' && <KeyDialog />}
      {overlay === 'esp-sa' && <EspDialog />}
      {overlay === 'decode-as' && <DecodeAsDialog />}
      {overlay === 'codecs' && <CodecDialog />}
    </div>
  );
}

function Disconnected({ message }: { message: string }) {
  return (
    <main className="app-gone">
      <SeverityGlyph severity="error" />
      <h1>{message}</h1>
    </main>
  );
}
