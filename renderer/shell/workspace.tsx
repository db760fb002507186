import 'dockview-react/dist/styles/dockview.css';
import './workspace.css';
import {
  type DockviewApi,
  DockviewReact,
  type IDockviewPanelHeaderProps,
  type SerializedDockview,
} from 'dockview-react';
import { useEffect, useRef } from 'react';
import { move } from '../model/navigate.ts';
import type { ViewName } from '../model/place.ts';
import { keep, setting } from '../model/settings.ts';
import { useApp } from '../model/store.ts';
import { type Group, LAYOUTS, type Pane, type PaneId, PANES } from './panes.tsx';

type WorkView = Exclude<ViewName, 'overview'>;

const components = Object.fromEntries(
  Object.values(PANES).map(({ id, component: Content }) => [id, () => <Content />]),
);

const theme = { name: 'earshot', className: 'dockview-theme-earshot', gap: 0 };

/** The panes of a view: tabs that can be dragged, split and resized; the arrangement is kept. */
export function Workspace({ view }: { view: WorkView }) {
  const api = useRef<DockviewApi | null>(null);
  const lower = useApp((state) => state.place.lower);
  const iceLower = useApp((state) => state.place.iceLower);
  const detail = useApp((state) => state.place.detail);

  useEffect(() => {
    for (const pane of Object.values(PANES)) {
      const { place } = pane;
      const isWanted =
        place !== undefined && (place.lower === lower || place.iceLower === iceLower || place.detail === detail);
      const panel = isWanted ? api.current?.getPanel(pane.id) : undefined;
      if (panel !== undefined && panel.group.activePanel !== panel)
        panel.group.model.openPanel(panel, { skipSetGroupActive: true });
    }
  }, [lower, iceLower, detail]);

  return (
    <div className="workspace">
      <DockviewReact
        components={components}
        defaultTabComponent={Tab}
        theme={theme}
        disableFloatingGroups
        proportionalLayout={false}
        scrollbars="native"
        getTabContextMenuItems={() => []}
        onReady={(event) => {
          api.current = event.api;
          arrange(event.api, view);
          event.api.onDidLayoutChange(() => keepLayout(event.api, view));
          event.api.onDidActivePanelChange((change) => {
            const pane = paneOf(change.panel?.id);
            if (pane?.place !== undefined) move(pane.place);
          });
        }}
      />
    </div>
  );
}

function paneOf(id: string | undefined): Pane | undefined {
  return id !== undefined && id in PANES ? PANES[id as PaneId] : undefined;
}

function Tab({ api }: IDockviewPanelHeaderProps) {
  const pane = paneOf(api.id);
  const note = pane?.useNote?.() ?? null;
  return (
    // Dockview names the tab by its title alone: what can be seen on it is its name.
    <span className="workspace-tab" ref={(element) => element?.closest('[role="tab"]')?.removeAttribute('aria-label')}>
      {api.title}
      {note !== null && <span className="t3"> {note}</span>}
    </span>
  );
}

/** As it was kept, where that has every pane of the view; else as designed. */
function arrange(api: DockviewApi, view: WorkView): void {
  const kept = setting(`layout.${view}`);
  if (typeof kept === 'object' && kept !== null) {
    try {
      api.fromJSON(kept as SerializedDockview);
      const wanted = LAYOUTS[view].flatMap(({ panes }) => panes);
      if (wanted.length === api.panels.length && wanted.every((id) => api.getPanel(id) !== undefined)) return;
    } catch {
      // A layout of another version: the designed one serves.
    }
    api.clear();
  }
  LAYOUTS[view].forEach((group, at) => addGroup(api, LAYOUTS[view], group, at));
  for (const group of LAYOUTS[view]) api.getPanel(group.panes[0])?.api.setActive();
  api.getPanel(LAYOUTS[view][0].panes[0])?.api.setActive();
}

function addGroup(api: DockviewApi, groups: readonly Group[], { panes, beside }: Group, at: number): void {
  panes.forEach((id, place) => {
    const { title, component: _component } = PANES[id];
    const first = panes[0];
    const base = { id, component: id, title };
    if (place > 0) {
      api.addPanel({ ...base, inactive: true, position: { referencePanel: first, direction: 'within' } });
    } else if (at === 0 || beside === undefined) {
      api.addPanel(base);
    } else {
      const size = beside.direction === 'right' ? { initialWidth: beside.size } : { initialHeight: beside.size };
      const direction = beside.direction;
      api.addPanel({ ...base, ...size, position: { referencePanel: groups[beside.group].panes[0], direction } });
    }
  });
}

let keeping: ReturnType<typeof setTimeout> | undefined;

/** Dragging a splitter reports many layouts: the last one is kept. */
function keepLayout(api: DockviewApi, view: WorkView): void {
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    if (api.panels.length > 0) keep({ [`layout.${view}`]: api.toJSON() });
  }, 500);
}
