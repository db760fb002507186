import './locked-note.css';
import type { SecureConnectionRow, StreamListRow } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { go } from '../../model/navigate.ts';
import { enterSrtpKey, pickKeyLogs } from '../../model/secrets.ts';
import { Icon } from '../../widgets/icon.tsx';
import { isLocked, lockedSuite, lockedTitle } from './locked-words.ts';

/**
 * What stands where streams that have no key would be heard or seen: what is the case, what would open them, and the way
 * to it. `size`: in the middle of a pane, above figures, or in a line.
 */
export function LockedNote({ streams, size }: { streams: readonly StreamListRow[]; size: 'pane' | 'banner' | 'line' }) {
  const { data: connections } = useQuery('connections.get', size === 'line' ? null : {});
  const locked = streams.filter(({ encryption }) => isLocked(encryption));
  const states = locked.map(({ encryption }) => encryption).filter(isLocked);
  if (states.length === 0) return null;
  const advice = new Set(states.map((state) => state.advice).filter((text) => text !== null));
  const handshakes = (connections ?? []).filter((connection) => locked.some((stream) => isBetween(connection, stream)));
  const Title = size === 'pane' ? 'h2' : 'p';
  return (
    <div className={`locked is-${size}`} role="note">
      <Icon name="lock" />
      <div className="locked-text">
        <Title className="strong">{lockedTitle(states)}</Title>
        {size !== 'line' && (
          <p className="t2">
            {lockedSuite(states, handshakes[0]?.srtpProfile)} {[...advice].join(' ')}
            {handshakes.length > 0 && <Handshakes handshakes={handshakes} />}
          </p>
        )}
      </div>
      <span className="locked-ways">
        <button type="button" className={size === 'pane' ? 'btn p' : 'btn'} onClick={pickKeyLogs}>
          <Icon name="key" small={size !== 'pane'} />
          Add key log…
        </button>
        <button type="button" className="btn" onClick={() => enterSrtpKey(scopeOf(locked))}>
          Enter SRTP key…
        </button>
      </span>
    </div>
  );
}

/** Where the keys were agreed, and how a key log's line for it begins. */
function Handshakes({ handshakes }: { handshakes: readonly SecureConnectionRow[] }) {
  const random = handshakes.find(({ clientRandom }) => clientRandom !== null)?.clientRandom;
  return (
    <>
      {' '}
      {random != null && (
        <>
          A line of the key log for client random <span className="mono">{random}…</span> is wanted;{' '}
        </>
      )}
      {handshakes.length === 1 ? 'the handshake begins in' : 'the handshakes begin in'}{' '}
      {handshakes.slice(0, 4).map(({ id, packet }) => (
        <button type="button" className="pk" key={id} onClick={() => go({ packet, detail: 'packet' })}>
          #{packet}
        </button>
      ))}
      .
    </>
  );
}

function isBetween({ protocol, client, server }: SecureConnectionRow, { src, dst }: StreamListRow): boolean {
  return protocol === 'DTLS' && ((client === src && server === dst) || (client === dst && server === src));
}

function scopeOf(locked: readonly StreamListRow[]): string {
  const [{ ssrc, call }] = locked;
  return locked.length === 1 ? ssrc : (call ?? '');
}
