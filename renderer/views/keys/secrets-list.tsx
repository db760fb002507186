import type { SecretsView } from '../../../shared/engine-api.ts';
import { countOf, formatCount } from '../../model/format/numbers.ts';
import { removeSecret } from '../../model/secrets.ts';
import { useApp } from '../../model/store.ts';
import { Icon, type IconName } from '../../widgets/icon.tsx';

/** What a person brought, what is in the capture itself, and what it does. Secrets themselves are never shown here. */
export function SecretsList({ secrets }: { secrets: SecretsView }) {
  const { keyLogs, embedded, srtpKeys, espSas } = secrets;
  const isOpen = useApp((state) => state.capture.status === 'open');
  if (keyLogs.length + embedded + srtpKeys.length + espSas.length === 0) {
    return (
      <p className="keys-none t2">
        No key log and no key by hand. Keys in the SDP, and secrets inside a pcapng file, are used without being asked.
      </p>
    );
  }
  return (
    <ul className="keys-hand" aria-label="Secrets at hand" tabIndex={0}>
      {keyLogs.map(({ id, name, labels, badLines }) => (
        <Secret key={id} id={id} icon="file" name={name} what="Key log">
          <span className="t2 trunc">
            {labels.map(({ label, count }) => `${formatCount(count)} ${label}`).join(', ')}
          </span>
          {badLines > 0 && <span className="t3">{countOf(badLines, 'other line')}</span>}
        </Secret>
      ))}
      {embedded > 0 && (
        <Secret id={null} icon="packets" name="Inside the capture" what="Secrets">
          <span className="t2 trunc">{countOf(embedded, 'Decryption Secrets Block')}</span>
        </Secret>
      )}
      {srtpKeys.map(({ id, scope, suite, authenticated }) => (
        <Secret key={id} id={id} icon="key" name={scope === '' ? 'SRTP key' : `SRTP key for ${scope}`} what="Key">
          <span className="t2 mono trunc">{suite}</span>
          {isOpen && (
            <span className={authenticated === 0 ? 'warn' : 't2'}>
              {authenticated === 0 ? 'authenticates nothing here' : `${countOf(authenticated, 'packet')} authentic`}
            </span>
          )}
        </Secret>
      ))}
      {espSas.map(({ id, packets, algorithms, opened }) => (
        <Secret key={id} id={id} icon="key" name={`ESP, ${packets}`} what="ESP SA">
          <span className="t2 mono trunc">{algorithms}</span>
          {isOpen && (
            <span className={opened === 0 ? 'warn' : 't2'}>
              {opened === 0 ? 'opens nothing here' : `${countOf(opened, 'packet')} opened`}
            </span>
          )}
        </Secret>
      ))}
    </ul>
  );
}

function Secret({
  id,
  icon,
  name,
  what,
  children,
}: {
  /** null where it cannot be forgotten. */
  id: string | null;
  icon: IconName;
  name: string;
  what: string;
  children: React.ReactNode;
}) {
  return (
    <li className="keys-secret">
      <Icon name={icon} />
      <span className="strong trunc" title={name}>
        {name}
      </span>
      {children}
      <span className="sp" />
      {id !== null && (
        <button
          type="button"
          className="link"
          aria-label={`Forget ${name}`}
          onClick={() => void removeSecret(id, what)}
        >
          Forget
        </button>
      )}
    </li>
  );
}
