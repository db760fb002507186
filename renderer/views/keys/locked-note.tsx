import './locked-note.css';
import type { SecureConnectionRow, StreamListRow } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { enterSrtpKey, pickKeyLogs } from '../../model/secrets.ts';
import { Icon } from '../../widgets/icon.tsx';
import { AdviceText } from './advice-text.tsx';
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
  const handshake = connections?.find((connection) => locked.some((stream) => isBetween(connection, stream)));
  const Title = size === 'pane' ? 'h2' : 'p';
  return (
    <div className={`locked is-${size}`} role="note">
      <Icon name="lock" />
      <div className="locked-text">
        <Title className="strong">{lockedTitle(states)}</Title>
        {size !== 'line' && (
          <p className="t2">
            {lockedSuite(states, handshake?.srtpProfile)} <AdviceText text={[...advice].join(' ')} />
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

function isBetween({ protocol, client, server }: SecureConnectionRow, { src, dst }: StreamListRow): boolean {
  return protocol === 'DTLS' && ((client === src && server === dst) || (client === dst && server === src));
}

function scopeOf(locked: readonly StreamListRow[]): string {
  const [{ ssrc, call }] = locked;
  return locked.length === 1 ? ssrc : (call ?? '');
}
