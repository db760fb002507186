import './plugins.css';
import { useState } from 'react';
import { countOf } from '../../model/format/numbers.ts';
import { go } from '../../model/navigate.ts';
import { loadPlugins } from '../../model/plugins.ts';
import { usePlugins } from '../../model/plugins-state.ts';
import { useApp } from '../../model/store.ts';
import { Icon } from '../../widgets/icon.tsx';
import { Menu } from '../../widgets/menu/menu.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { newEntries } from './new-entries.ts';
import { NoPlugins } from './no-plugins.tsx';
import { PluginEditor } from './plugin-editor.tsx';
import { PluginFolderLine } from './plugin-folder-line.tsx';
import { PluginList } from './plugin-list.tsx';
import { PluginQuestions } from './plugin-questions.tsx';
import { useLiveTrial } from './use-live-trial.ts';

/** The plugins of a person, and one of them in the editor. */
export function PluginsPane() {
  const list = usePlugins((state) => state.list);
  const failure = usePlugins((state) => state.failure);
  const document = usePlugins((state) => state.document);
  useLiveTrial();
  if (failure !== null) return <Unavailable text={failure} />;
  if (list === null) return <section className="plugins" aria-label="Plugins" aria-busy="true" />;
  if (list.folder === null) {
    return (
      <Unavailable text="This window was started without a folder for settings, so there is nowhere to keep one." />
    );
  }
  const isEmpty = list.plugins.length === 0 && document === null;
  return (
    <section className="plugins" aria-label="Plugins">
      {isEmpty ? (
        <div className="plugins-main">
          <BackLine />
          <NoPlugins />
          <PluginFolderLine folder={list.folder} />
        </div>
      ) : (
        <>
          <div className="plugins-side">
            <header className="ph">
              <span className="t2">{countOf(list.plugins.length, 'plugin')}</span>
              <span className="sp" />
              <NewButton />
            </header>
            <PluginList plugins={list.plugins} />
            <PluginFolderLine folder={list.folder} />
          </div>
          <div className="plugins-main">
            <BackLine />
            {document === null ? <NoneChosen /> : <PluginEditor document={document} />}
          </div>
        </>
      )}
      <PluginQuestions />
    </section>
  );
}

function NewButton() {
  const [place, setPlace] = useState<{ x: number; y: number } | null>(null);
  const packet = useApp(({ place: { packet: selected }, capture }) => (capture.status === 'open' ? selected : null));
  return (
    <>
      <button
        type="button"
        className="btn g"
        aria-haspopup="menu"
        onClick={({ currentTarget }) => {
          const box = currentTarget.getBoundingClientRect();
          setPlace({ x: box.left, y: box.bottom });
        }}
      >
        New…
      </button>
      {place !== null && (
        <Menu label="New plugin" at={place} entries={newEntries(packet)} onClose={() => setPlace(null)} />
      )}
    </>
  );
}

/** Without a capture there is no sidebar to leave by. */
function BackLine() {
  const isAlone = useApp(({ capture }) => capture.status === 'none');
  if (!isAlone) return null;
  return (
    <header className="ph">
      <button type="button" className="btn g" onClick={() => go({ view: 'overview' })}>
        <Icon name="back" small />
        Start page
      </button>
      <span className="t3">Open a capture to see what a plugin makes of it.</span>
    </header>
  );
}

function NoneChosen() {
  return (
    <div className="plugins-none">
      <p className="t2">Choose a plugin to edit it, or begin a new one.</p>
    </div>
  );
}

function Unavailable({ text }: { text: string }) {
  return (
    <section className="plugins plugins-away" aria-label="Plugins">
      <SeverityGlyph severity="warning" label="" />
      <h2>Plugins are not available here.</h2>
      <p className="t2">{text}</p>
      <button type="button" className="btn" onClick={() => void loadPlugins()}>
        Try again
      </button>
    </section>
  );
}
