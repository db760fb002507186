import type { MouseEvent } from 'react';
import { askShell } from '../client/client.ts';
import { getState } from '../model/store.ts';

/** `RFC 3261 §13.2.2.4` → the section's page at the RFC editor; null for any other document. */
export function specUrl(spec: string): string | null {
  const match = /^RFC (\d+)(?:,? ?§ ?([\dA-Z]+(?:\.\d+)*))?/.exec(spec);
  if (match === null) return null;
  const [, number, section] = match;
  const part = section === undefined ? '' : /^\d/.test(section) ? `#section-${section}` : `#appendix-${section}`;
  return `https://www.rfc-editor.org/rfc/rfc${number}${part}`;
}

/** A document named beside a finding; opens in the user's browser where it has an address. */
export function SpecLink({ spec }: { spec: string }) {
  const url = specUrl(spec);
  if (url === null) return <span>{spec}</span>;
  const onClick = (event: MouseEvent): void => {
    if (getState().shell?.kind !== 'electron') return;
    event.preventDefault();
    askShell('shell.openExternal', { url }).catch(() => {});
  };
  return (
    <a className="detail-spec" href={url} target="_blank" rel="noreferrer" onClick={onClick}>
      {spec}
    </a>
  );
}
