import type { Overview } from '../../../shared/engine-api.ts';
import { go } from '../../model/navigate.ts';
import { pickKeyLogs } from '../../model/secrets.ts';
import { Icon } from '../../widgets/icon.tsx';

const ICONS = { locked: 'lock', unlocked: 'unlock', clear: 'dash' } as const;

/** What is encrypted, how, and whether it could be read. */
export function EncryptionList({ rows }: { rows: Overview['encryption'] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="overview-encryption">
      <div className="ph">
        <h2 id="overview-encryption">Encryption</h2>
        <span className="sp" />
        {rows.some(({ kind }) => kind === 'locked') && (
          <button type="button" className="btn" onClick={pickKeyLogs}>
            <Icon name="key" small />
            Add key log…
          </button>
        )}
      </div>
      <ul>
        {rows.map(({ kind, label, detail, severity, filter }) => (
          <li className="overview-line" key={label}>
            <Icon name={ICONS[kind]} />
            {filter === null ? (
              <span className={severity === 'warning' ? 'warn' : ''}>{label}</span>
            ) : (
              <button type="button" className="overview-name" onClick={() => go({ view: 'streams', filter })}>
                {label}
              </button>
            )}
            <span className="t2">{detail}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
