import './sidebar.css';
import type { CallListRow } from '../../shared/engine-api.ts';
import { useQuery } from '../client/use-query.ts';
import { go } from '../model/navigate.ts';
import type { ViewName } from '../model/place.ts';
import { isUnsaved, usePlugins } from '../model/plugins-state.ts';
import { useApp } from '../model/store.ts';
import { Icon, type IconName } from '../widgets/icon.tsx';
import { DecodeAsNav } from '../views/decode-as/decode-as-nav.tsx';
import { IceContext } from '../views/ice/ice-context.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { formatCount } from '../model/format/numbers.ts';

/** Views that every capture has. */
type CountedView = Exclude<ViewName, 'agents' | 'compare' | 'plugins'>;

const VIEWS: readonly { view: CountedView; title: string; icon: IconName }[] = [
  { view: 'overview', title: 'Overview', icon: 'overview' },
  { view: 'calls', title: 'Calls', icon: 'calls' },
  { view: 'streams', title: 'Streams', icon: 'streams' },
  { view: 'ice', title: 'ICE/TURN', icon: 'ice' },
  { view: 'problems', title: 'Problems', icon: 'problems' },
  { view: 'packets', title: 'Packets', icon: 'packets' },
];

export function Sidebar() {
  const view = useApp((state) => state.place.view);
  const counts = useApp((state) => state.counts);
  const capture = useApp((state) => state.capture);
  const progress = capture.status === 'reading' ? capture.progress : null;
  const countOf = (name: CountedView): number | null => {
    if (name === 'overview') return null;
    if (counts !== null) return counts[name === 'ice' ? 'sessions' : name];
    return progress === null ? null : name === 'packets' ? progress.packets : name === 'calls' ? progress.calls : null;
  };
  return (
    <nav className="side" aria-label="Views">
      {VIEWS.map(({ view: name, title, icon }) => {
        const count = countOf(name);
        return (
          <button
            type="button"
            key={name}
            className={name === view ? 'nav on' : 'nav'}
            aria-current={name === view ? 'page' : undefined}
            onClick={() => go({ view: name })}
          >
            <Icon name={icon} />
            {title}
            {count !== null && <span className="n">{formatCount(count)}</span>}
          </button>
        );
      })}
      <AgentsEntry />
      <CompareEntry />
      {view === 'ice' ? <IceContext /> : <CallContext />}
      <SavedFilters />
      <span className="sp" />
      <PluginsEntry />
      <DecodeAsNav />
      <KeysEntry />
    </nav>
  );
}

/** Only where the capture has reports of agents: most captures have none. */
function AgentsEntry() {
  const isHere = useApp((state) => state.place.view === 'agents');
  const count = useApp(({ capture }) => (capture.status === 'open' ? (capture.result.info.agents?.length ?? 0) : 0));
  if (count === 0 && !isHere) return null;
  return (
    <button
      type="button"
      className={isHere ? 'nav on' : 'nav'}
      aria-current={isHere ? 'page' : undefined}
      onClick={() => go({ view: 'agents' })}
    >
      <Icon name="agents" />
      Agents
      <span className="n">{formatCount(count)}</span>
    </button>
  );
}

/** Only once a comparison was asked for. */
function CompareEntry() {
  const isHere = useApp((state) => state.place.view === 'compare');
  const compare = useApp((state) => state.compare);
  if (compare.status === 'none' && !isHere) return null;
  return (
    <button
      type="button"
      className={isHere ? 'nav on' : 'nav'}
      aria-current={isHere ? 'page' : undefined}
      onClick={() => go({ view: 'compare' })}
    >
      <Icon name="diff" />
      Compare
      {compare.status === 'found' && <span className="n">{formatCount(compare.rows.length)}</span>}
    </button>
  );
}

/** How many plugins there are; a dot says that one is not saved. */
function PluginsEntry() {
  const isHere = useApp((state) => state.place.view === 'plugins');
  const plugins = usePlugins(({ list }) => list?.plugins ?? null);
  const isDirty = usePlugins(({ document }) => isUnsaved(document));
  const failed = plugins?.filter(({ state }) => state === 'failed').length ?? 0;
  return (
    <button
      type="button"
      className={isHere ? 'nav on' : 'nav'}
      aria-current={isHere ? 'page' : undefined}
      onClick={() => go({ view: 'plugins' })}
    >
      <Icon name="plugin" />
      Plugins
      {isDirty && <span className="side-dot" role="img" aria-label="not saved" title="A plugin is not saved" />}
      {plugins !== null && plugins.length > 0 && (
        <span className={failed > 0 ? 'n err' : 'n'} title={failed > 0 ? `${failed} failed` : undefined}>
          {failed > 0 ? `${failed} of ${plugins.length} failed` : plugins.length}
        </span>
      )}
    </button>
  );
}

/** How many of the encrypted streams are open: what keys are about. */
function KeysEntry() {
  const isHere = useApp((state) => state.place.view === 'keys');
  const counts = useApp((state) => state.counts);
  return (
    <button
      type="button"
      className={isHere ? 'nav on' : 'nav'}
      aria-current={isHere ? 'page' : undefined}
      onClick={() => go({ view: 'keys' })}
    >
      <Icon name="key" />
      Keys
      {counts !== null && counts.encryptedStreams > 0 && (
        <span className="n" title="encrypted streams that are open">
          {formatCount(counts.openedStreams)} of {formatCount(counts.encryptedStreams)}
        </span>
      )}
    </button>
  );
}

/** The selected call and its parts. */
function CallContext() {
  const call = useApp((state) => state.place.call);
  const place = useApp((state) => state.place);
  const { data } = useQuery('call.get', call === null ? null : { call });
  const { data: streams } = useQuery(
    'rows.page',
    call === null ? null : { query: { table: 'streams', filter: '', call, sort: null }, from: 0, count: 8 },
  );
  if (call === null || data === null) return null;
  const row: CallListRow = data.row;
  const isHere = place.view === 'calls';
  return (
    <>
      <div className="nav-h">
        <span className="nav-h-name">Call {row.number}</span>
        <span className="sp" />
        <span className="trunc">
          {row.fromName ?? '—'} → {row.toName ?? '—'}
        </span>
      </div>
      <button
        type="button"
        className={isHere && place.lower === 'ladder' ? 'nav sub here' : 'nav sub'}
        onClick={() => go({ view: 'calls', lower: 'ladder' })}
      >
        <Icon name="ladder" />
        Ladder
        <span className="n">{formatCount(row.messageCount)}</span>
      </button>
      {streams?.rows.map((stream) => {
        if (!('ssrc' in stream)) return null;
        return (
          <button
            type="button"
            key={stream.id}
            className={place.stream === stream.id ? 'nav sub here' : 'nav sub'}
            onClick={() => go({ view: 'calls', stream: stream.id, detail: 'stream' })}
          >
            {stream.side === null ? (
              <Icon name="streams" />
            ) : (
              <span className={`chip ${stream.side.toLowerCase()}`}>{stream.side}</span>
            )}
            <span className="trunc">
              {stream.fromName ?? stream.src} → {stream.toName ?? stream.dst}
            </span>
            <span className="n">{formatCount(stream.packets)}</span>
          </button>
        );
      })}
      {row.problems.length > 0 && (
        <button type="button" className="nav sub" onClick={() => go({ view: 'problems', call })}>
          <Icon name="problems" />
          Problems
          <span className="n">{row.problems.length}</span>
        </button>
      )}
    </>
  );
}
