import type { ComponentType } from 'react';
import { MessagePanel } from '../detail/message-panel.tsx';
import { PacketPanel } from '../detail/packet-panel.tsx';
import { StreamPanel } from '../detail/stream-panel.tsx';
import { LadderPanel } from '../ladder/ladder-panel.tsx';
import type { Place, ViewName } from '../model/place.ts';
import { useApp } from '../model/store.ts';
import { AllocationsGrid } from '../views/ice/allocations-grid.tsx';
import { CandidatesPanel } from '../views/ice/candidates-panel.tsx';
import { IceLadderPanel } from '../views/ice/ice-ladder-panel.tsx';
import { SessionPane } from '../views/ice/session-pane.tsx';
import { SessionsGrid } from '../views/ice/sessions-grid.tsx';
import { AgentsPane } from '../views/agents/agents-pane.tsx';
import { ComparePane } from '../views/compare/compare-pane.tsx';
import { SuggestionLine } from '../views/decode-as/suggestion-list.tsx';
import { KeysPane } from '../views/keys/keys-pane.tsx';
import { PluginTrialPane } from '../views/plugins/plugin-trial-pane.tsx';
import { PluginsPane } from '../views/plugins/plugins-pane.tsx';
import { CallsGrid } from '../views/calls/calls-grid.tsx';
import { PacketsGrid } from '../views/packets/packets-grid.tsx';
import { ProblemsList } from '../views/problems/problems-list.tsx';
import { CallStreams, StreamsGrid } from '../views/streams/streams-grid.tsx';

/** Something that can be docked in the workspace of a view. */
export interface Pane {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType;
  /** What stands beside the title: a count, a packet number. */
  readonly useNote?: () => string | null;
  /** What of the place shows this pane, and what changes when its tab is chosen. */
  readonly place?: Partial<Pick<Place, 'lower' | 'iceLower' | 'detail'>>;
}

const useCount = (
  name: 'calls' | 'registrations' | 'streams' | 'problems' | 'packets' | 'keys' | 'sessions' | 'allocations',
): string | null => useApp((state) => (state.counts === null ? null : String(state.counts[name])));

function CallPackets() {
  const call = useApp((state) => state.place.call);
  return <PacketsGrid call={call} stream={null} />;
}

function PacketsPane() {
  return (
    <div className="packets-pane">
      <SuggestionLine />
      <PacketsGrid call={null} stream={null} />
    </div>
  );
}

const panes = {
  calls: {
    id: 'calls',
    title: 'Calls',
    component: () => <CallsGrid table="calls" />,
    useNote: () => useCount('calls'),
  },
  registrations: {
    id: 'registrations',
    title: 'Registrations and others',
    component: () => <CallsGrid table="registrations" />,
    useNote: () => useCount('registrations'),
  },
  ladder: { id: 'ladder', title: 'Ladder', component: LadderPanel, place: { lower: 'ladder' } },
  callPackets: { id: 'callPackets', title: 'Packets', component: CallPackets, place: { lower: 'packets' } },
  callStreams: { id: 'callStreams', title: 'Streams', component: CallStreams, place: { lower: 'streams' } },
  streams: {
    id: 'streams',
    title: 'Streams',
    component: () => <StreamsGrid call={null} />,
    useNote: () => useCount('streams'),
  },
  problems: { id: 'problems', title: 'Problems', component: ProblemsList, useNote: () => useCount('problems') },
  packets: {
    id: 'packets',
    title: 'Packets',
    component: PacketsPane,
    useNote: () => useCount('packets'),
  },
  sessions: { id: 'sessions', title: 'Sessions', component: SessionsGrid, useNote: () => useCount('sessions') },
  allocations: {
    id: 'allocations',
    title: 'Allocations',
    component: AllocationsGrid,
    useNote: () => useCount('allocations'),
  },
  iceSession: { id: 'iceSession', title: 'Session', component: SessionPane, place: { iceLower: 'session' } },
  iceLadder: { id: 'iceLadder', title: 'Ladder', component: IceLadderPanel, place: { iceLower: 'ladder' } },
  candidates: { id: 'candidates', title: 'Candidates', component: CandidatesPanel, place: { detail: 'candidates' } },
  agents: { id: 'agents', title: 'Agents', component: AgentsPane },
  compare: { id: 'compare', title: 'Compare', component: ComparePane },
  keys: { id: 'keys', title: 'Keys', component: KeysPane, useNote: () => useCount('keys') },
  plugins: { id: 'plugins', title: 'Plugins', component: PluginsPane },
  pluginTrial: { id: 'pluginTrial', title: 'Live result', component: PluginTrialPane },
  packet: { id: 'packet', title: 'Packet', component: PacketPanel, place: { detail: 'packet' } },
  message: { id: 'message', title: 'Message', component: MessagePanel, place: { detail: 'message' } },
  stream: { id: 'stream', title: 'Stream', component: StreamPanel, place: { detail: 'stream' } },
} satisfies Record<string, Pane>;

export type PaneId = keyof typeof panes;
export const PANES: Record<PaneId, Pane> = panes;

/** Panes that share a place, as tabs. */
export interface Group {
  readonly panes: readonly PaneId[];
  /** Where it stands beside an earlier group; px. */
  readonly beside?: { readonly group: number; readonly direction: 'right' | 'above' | 'below'; readonly size: number };
}

const detail = (group: number): Group => ({
  panes: ['packet', 'message', 'stream'],
  beside: { group, direction: 'right', size: 440 },
});

/** What each view shows until a person moves it about. */
export const LAYOUTS: Record<Exclude<ViewName, 'overview'>, readonly Group[]> = {
  calls: [
    { panes: ['calls', 'registrations'] },
    detail(0),
    { panes: ['ladder', 'callPackets', 'callStreams'], beside: { group: 0, direction: 'below', size: 560 } },
  ],
  streams: [{ panes: ['streams'] }, detail(0)],
  problems: [{ panes: ['problems'] }, detail(0)],
  packets: [{ panes: ['packets'] }, detail(0)],
  ice: [
    { panes: ['iceSession', 'iceLadder'] },
    { panes: ['packet', 'candidates'], beside: { group: 0, direction: 'right', size: 440 } },
    // A few rows are enough: what became of one of them wants the room.
    { panes: ['sessions', 'allocations'], beside: { group: 0, direction: 'above', size: 160 } },
  ],
  agents: [{ panes: ['agents'] }],
  compare: [{ panes: ['compare'] }, { panes: ['packet'], beside: { group: 0, direction: 'right', size: 360 } }],
  keys: [{ panes: ['keys'] }, detail(0)],
  plugins: [
    { panes: ['plugins'] },
    // Packets to try it on, and what it makes of the selected one.
    { panes: ['packets'], beside: { group: 0, direction: 'below', size: 190 } },
    { panes: ['pluginTrial'], beside: { group: 0, direction: 'right', size: 440 } },
  ],
};
