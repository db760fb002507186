import './keys-pane.css';
import { useMemo, useState } from 'react';
import type { KeyListRow } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { copyText } from '../../detail/clipboard.ts';
import { go } from '../../model/navigate.ts';
import { enterEspSas, enterSrtpKey, pickKeyLogs } from '../../model/secrets.ts';
import { useApp } from '../../model/store.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { numbersFilter } from '../../widgets/grid/filter-text.ts';
import { Grid } from '../../widgets/grid/grid.tsx';
import { EmptyRows, useRows, useShown, walkTo } from '../../widgets/grid/view-hooks.tsx';
import { Icon } from '../../widgets/icon.tsx';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';
import { ConnectionList } from './connection-list.tsx';
import { keyColumns } from './key-columns.ts';
import { SecretsList } from './secrets-list.tsx';

const idOf = ({ id }: KeyListRow): string => id;
const NO_SECRETS = { keyLogs: [], embedded: 0, srtpKeys: [], espSas: [] };

/** The secrets at hand, the keys for SRTP and what they open, the connections and what would open them. */
export function KeysPane() {
  // Read again, a row's id may be another key's: what was revealed is masked.
  const revision = useApp((state) => (state.capture.status === 'open' ? state.revision : 0));
  const { data: secrets } = useQuery('secrets.get', {});
  const { data: connections } = useQuery('connections.get', {});
  return (
    <section className="keys-pane" aria-label="Keys">
      <header className="ph">
        <h2>At hand</h2>
        <span className="sp" />
        <KeyButtons />
      </header>
      <SecretsList secrets={secrets ?? NO_SECRETS} />
      <KeysGrid key={revision} />
      <ConnectionList connections={connections ?? []} />
    </section>
  );
}

function KeyButtons() {
  return (
    <>
      <button type="button" className="btn" onClick={pickKeyLogs}>
        <Icon name="key" small />
        Add key log…
      </button>
      <button type="button" className="btn" onClick={() => enterSrtpKey()}>
        Enter SRTP key…
      </button>
      <button type="button" className="btn" onClick={enterEspSas}>
        Enter ESP SAs…
      </button>
    </>
  );
}

function KeysGrid() {
  const [chosen, setChosen] = useState<KeyListRow | null>(null);
  const [revealed, setRevealed] = useState<ReadonlySet<string>>(new Set());
  const counts = useApp((state) => state.counts);
  const { source, filter, isMain, canSort } = useRows('keys', { grid: 'keys', view: 'keys' });
  const onStatus = useShown('keys', isMain);
  const columns = useMemo(() => keyColumns(revealed), [revealed]);
  const reveal = ({ id }: KeyListRow): void => {
    const next = new Set(revealed);
    if (!next.delete(id)) next.add(id);
    setRevealed(next);
  };
  const isRevealed = chosen !== null && revealed.has(chosen.id);
  return (
    <>
      <header className="ph keys-head">
        <h2>SRTP keys</h2>
        {counts !== null && counts.encryptedStreams > 0 && (
          <span className="t3">
            {formatCount(counts.openedStreams)} of {formatCount(counts.encryptedStreams)} encrypted streams opened
          </span>
        )}
        <span className="sp" />
        <button
          type="button"
          className="btn g"
          disabled={chosen === null}
          aria-pressed={isRevealed}
          onClick={() => chosen !== null && reveal(chosen)}
        >
          {isRevealed ? 'Hide key' : 'Show key'}
        </button>
        <button
          type="button"
          className="btn g"
          disabled={chosen === null}
          onClick={() => chosen !== null && copy(chosen)}
        >
          <Icon name="copy" small />
          Copy key
        </button>
      </header>
      <div className="keys-grid">
        <Grid<KeyListRow>
          id="keys"
          label="SRTP keys"
          columns={columns}
          source={source}
          idOf={idOf}
          selected={chosen?.id ?? null}
          canSort={canSort}
          onSelect={(row) => {
            setChosen(row);
            if (row.packet !== null) walkTo({ packet: row.packet, detail: 'packet' });
          }}
          onStatus={onStatus}
          rowMenu={(row) => rowMenu(row, revealed.has(row.id), reveal)}
          empty={
            <EmptyRows what="key" filter={counts?.keys === 0 ? '' : filter}>
              <NoKeys />
            </EmptyRows>
          }
        />
      </div>
    </>
  );
}

/** Why there is no key, and what to do about it. */
function NoKeys() {
  const counts = useApp((state) => state.counts);
  const encrypted = counts?.encryptedStreams ?? 0;
  if (encrypted === 0) {
    return (
      <>
        <h2>No stream in this capture is encrypted.</h2>
        <p>
          {(counts?.opaqueConnections ?? 0) > 0
            ? 'Signalling over TLS may say more of calls and their keys: a key log opens it.'
            : (counts?.streams ?? 0) === 0
              ? 'It has no RTP at all.'
              : 'What it holds can be heard as it is.'}
        </p>
      </>
    );
  }
  return (
    <>
      <h2>
        {encrypted === 1 ? 'One stream is encrypted' : `${formatCount(encrypted)} streams are encrypted`}, without a
        key.
      </h2>
      <p>A key log of one of the endpoints opens DTLS-SRTP; keys of other kinds can be entered.</p>
      <button type="button" className="btn" onClick={() => go({ view: 'streams', filter: 'stream.encrypted == true' })}>
        Show the encrypted streams
      </button>
    </>
  );
}

function copy({ key }: KeyListRow): void {
  void copyText(key, 'The SRTP key');
}

function rowMenu(row: KeyListRow, isRevealed: boolean, reveal: (row: KeyListRow) => void): readonly MenuEntry[] {
  const numbers = row.streams.map((stream) => Number(stream.slice(1)));
  const filter = numbersFilter('stream.id', numbers);
  const { call, packet } = row;
  return [
    { kind: 'item', label: isRevealed ? 'Hide the key' : 'Show the key', run: () => reveal(row) },
    { kind: 'item', label: 'Copy the key', run: () => copy(row) },
    { kind: 'separator' },
    {
      kind: 'item',
      label: 'Show the streams it opens',
      isDisabled: filter === null,
      run: () => filter !== null && go({ view: 'streams', filter, stream: row.streams[0], detail: 'stream' }),
    },
    {
      kind: 'item',
      label: 'Show its call',
      isDisabled: call === null,
      run: () => go({ view: 'calls', call, ...(packet === null ? {} : { packet }), lower: 'ladder' }),
    },
  ];
}
