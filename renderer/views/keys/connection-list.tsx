import { useId } from 'react';
import type { SecureConnectionRow } from '../../../shared/engine-api.ts';
import { countOf, formatCount } from '../../model/format/numbers.ts';
import { go } from '../../model/navigate.ts';
import { AdviceText } from './advice-text.tsx';
import { Icon } from '../../widgets/icon.tsx';

/** More than anybody reads; the rest is counted. */
const MOST_SHOWN = 200;

const STATES: Readonly<Record<SecureConnectionRow['state'], string>> = {
  opened: 'opened',
  'no-secret': 'no secret',
  failed: 'secret is wrong',
  incomplete: 'not whole',
};

/** TLS and DTLS connections, whether they could be opened, and what would open them. */
export function ConnectionList({ connections }: { connections: readonly SecureConnectionRow[] }) {
  const title = useId();
  if (connections.length === 0) return null;
  const opened = connections.filter(({ state }) => state === 'opened').length;
  // What stays shut comes first: there is something to do about it.
  const sorted = connections.toSorted((a, b) => Number(a.state === 'opened') - Number(b.state === 'opened'));
  return (
    <section className="keys-connections" aria-labelledby={title}>
      <header className="ph">
        <h2 id={title}>TLS and DTLS connections</h2>
        <span className="t3">
          {formatCount(opened)} of {formatCount(connections.length)} opened
        </span>
      </header>
      <ul tabIndex={0} aria-labelledby={title}>
        {sorted.slice(0, MOST_SHOWN).map((connection) => (
          <Connection key={connection.id} connection={connection} />
        ))}
        {connections.length > MOST_SHOWN && (
          <li className="t3">and {countOf(connections.length - MOST_SHOWN, 'more connection')}</li>
        )}
      </ul>
    </section>
  );
}

function Connection({ connection }: { connection: SecureConnectionRow }) {
  const { protocol, version, client, server, serverName, cipherSuite, srtpProfile, state, advice, packet } = connection;
  return (
    <li className="keys-connection">
      <Icon name={state === 'opened' ? 'unlock' : 'lock'} />
      <span className="strong keys-protocol">{versionWords(protocol, version)}</span>
      <span className="mono trunc">
        {client} → {server}
      </span>
      {serverName !== null && <span className="t2 trunc">{serverName}</span>}
      <span className="sp" />
      <span className={state === 'failed' ? 'warn' : 't2'}>{STATES[state]}</span>
      <button type="button" className="pk" onClick={() => go({ packet, detail: 'packet' })}>
        #{packet}
      </button>
      <p className="mono t3">{[cipherSuite, srtpProfile].filter((part) => part !== null).join(', ')}</p>
      <p className="t2">{advice !== null && <AdviceText text={advice} />}</p>
    </li>
  );
}

/** `TLS 1.3`; the version may already say the protocol. */
function versionWords(protocol: string, version: string | null): string {
  if (version === null) return protocol;
  return version.toUpperCase().includes('TLS') ? version : `${protocol} ${version}`;
}
