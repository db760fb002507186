import './start-view.css';
import { useEffect, useState } from 'react';
import type { RecentCapture, SampleCapture } from '../../../shared/shell-api.ts';
import { askShell } from '../../client/client.ts';
import { useQuery } from '../../client/use-query.ts';
import { openCapture } from '../../model/open.ts';
import { enterSrtpKey, pickKeyLogs, removeSecret } from '../../model/secrets.ts';
import { useApp } from '../../model/store.ts';
import { pickCapture } from '../../shell/shell-commands.ts';
import { Keys } from '../../shell/shortcut-sheet.tsx';
import { countOf, formatBytes, formatCount } from '../../model/format/numbers.ts';
import { Icon } from '../../widgets/icon.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';

const KEYS: readonly (readonly [string, readonly string[]])[] = [
  ['Filter', ['Ctrl+F']],
  ['Previous, next problem', ['[', ']']],
  ['Play, pause', ['Space']],
  ['Command palette', ['Ctrl+K']],
  ['Plugins', ['Alt+0']],
  ['All shortcuts', ['?']],
];

/** What stands here while no capture is open. */
export function StartView() {
  const shell = useApp((state) => state.shell);
  const [recents, setRecents] = useState<RecentCapture[]>([]);
  const [samples, setSamples] = useState<SampleCapture[]>([]);
  useEffect(() => {
    if (shell === null) return;
    askShell('shell.recents', {}).then(setRecents, () => {});
    askShell('shell.samples', {}).then(setSamples, () => {});
  }, [shell]);
  const clear = (): void => {
    setRecents([]);
    void askShell('shell.clearRecents', {}).catch(() => {});
  };
  return (
    <div className="start">
      <h1 className="hidden-text">Earshot</h1>
      <div className="start-side">
        <section>
          <h2>Open</h2>
          <div className="start-drop">
            <p className="start-big">Drop a capture to open it</p>
            <p className="t2">
              pcap, pcapng, snoop, rtpdump, a browser’s RTP log or a hex dump, any as .gz; a key log along with it
            </p>
            <span className="start-open">
              <button type="button" className="btn p" onClick={() => void pickCapture()}>
                <Icon name="open" />
                Open capture…
              </button>
              <Keys keys="Ctrl+O" />
            </span>
          </div>
        </section>
        <OpensWith />
        <section>
          <h2>Keyboard</h2>
          <dl className="start-keys">
            {KEYS.map(([title, keys]) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>
                  {keys.map((key) => (
                    <Keys key={key} keys={key} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <div className="start-lists">
        <section>
          <h2>
            Recent
            <span className="sp" />
            {recents.length > 0 && (
              <button type="button" className="link" onClick={clear}>
                Clear list
              </button>
            )}
          </h2>
          {recents.length === 0 ? (
            <p className="start-none t2">Captures you open are listed here.</p>
          ) : (
            <table className="grid start-table">
              <colgroup>
                <col style={{ width: 208 }} />
                <col />
                <col style={{ width: 78 }} />
                <col style={{ width: 62 }} />
                <col style={{ width: 124 }} />
                <col style={{ width: 88 }} />
              </colgroup>
              <thead>
                <tr>
                  <th>File</th>
                  <th>Folder</th>
                  <th className="num">Size</th>
                  <th className="num">Calls</th>
                  <th>Errors, warnings</th>
                  <th className="num">Opened</th>
                </tr>
              </thead>
              <tbody>
                {recents.map((recent) => (
                  <RecentRow key={recent.path} recent={recent} />
                ))}
              </tbody>
            </table>
          )}
        </section>
        <section>
          <h2>
            Samples <span className="t3">small captures that show one thing each</span>
          </h2>
          <table className="grid start-table">
            <colgroup>
              <col style={{ width: 208 }} />
              <col />
              <col style={{ width: 88 }} />
            </colgroup>
            <thead>
              <tr>
                <th>Sample</th>
                <th>What it shows</th>
                <th className="num">Packets</th>
              </tr>
            </thead>
            <tbody>
              {samples.map((sample) => (
                <tr key={sample.path} onClick={() => void openCapture({ kind: 'path', path: sample.path })}>
                  <td>
                    <button type="button" className="start-name">
                      {sample.title}
                    </button>
                  </td>
                  <td className="t2">{sample.about}</td>
                  <td className="m num">{formatCount(sample.packets)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </div>
  );
}

/** Secrets that the next capture is read with. */
function OpensWith() {
  const { data } = useQuery('secrets.get', {});
  const logs = data?.keyLogs ?? [];
  const keys = data?.srtpKeys ?? [];
  return (
    <section>
      <h2>Opens with it</h2>
      <ul className="start-with">
        <li>
          <Icon name="key" />
          Key log for DTLS-SRTP and TLS
          <span className="sp" />
          {logs.length > 0 && (
            <span className="t3 trunc" title={logs.map(({ name }) => name).join(', ')}>
              {countOf(logs.length, 'log')}
            </span>
          )}
          {logs.length > 0 && <Forget what="key logs" ids={logs.map(({ id }) => id)} />}
          <button type="button" className="link" aria-label="Add key log…" onClick={pickKeyLogs}>
            Add…
          </button>
        </li>
        <li>
          <Icon name="lock" />
          SRTP keys by hand
          <span className="sp" />
          {keys.length > 0 && <span className="t3">{countOf(keys.length, 'key')}</span>}
          {keys.length > 0 && <Forget what="SRTP keys" ids={keys.map(({ id }) => id)} />}
          <button type="button" className="link" aria-label="Enter SRTP key…" onClick={() => enterSrtpKey()}>
            Enter…
          </button>
        </li>
      </ul>
    </section>
  );
}

function Forget({ what, ids }: { what: string; ids: readonly string[] }) {
  const forget = (): void => {
    for (const id of ids) void removeSecret(id, `${what[0].toUpperCase()}${what.slice(1)}`);
  };
  return (
    <button type="button" className="link" aria-label={`Forget the ${what}`} onClick={forget}>
      Forget
    </button>
  );
}

function RecentRow({ recent }: { recent: RecentCapture }) {
  const { isMissing, errors, warnings } = recent;
  const open = (): void => void openCapture({ kind: 'path', path: recent.path });
  return (
    <tr className={isMissing ? 'is-missing' : ''} onClick={isMissing ? undefined : open}>
      <td>
        <button type="button" className="start-name" disabled={isMissing} title={recent.path}>
          {recent.name}
        </button>
      </td>
      <td className="t2">{isMissing ? 'moved or deleted' : recent.folder}</td>
      <td className="m num">{isMissing ? '—' : formatBytes(recent.bytes)}</td>
      <td className="m num">{isMissing ? '—' : formatCount(recent.calls)}</td>
      <td>
        <span className="cell">
          {isMissing && '—'}
          {!isMissing && errors > 0 && (
            <>
              <SeverityGlyph severity="error" />
              <span className="m">{formatCount(errors)}</span>
            </>
          )}
          {!isMissing && warnings > 0 && (
            <>
              <SeverityGlyph severity="warning" />
              <span className="m">{formatCount(warnings)}</span>
            </>
          )}
          {!isMissing && errors + warnings === 0 && (
            <>
              <SeverityGlyph severity="ok" />
              none
            </>
          )}
        </span>
      </td>
      <td className="num t2">{openedText(recent.openedTime)}</td>
    </tr>
  );
}

/** `14:41` today, `Yesterday`, `18 Nov`, `18 Nov 2025`. */
function openedText(time: number): string {
  const date = new Date(time * 1000);
  const now = new Date();
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  if (date.getTime() >= midnight) return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.getTime() >= midnight - 86_400_000) return 'Yesterday';
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year });
}
