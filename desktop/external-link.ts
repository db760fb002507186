const HOSTS: readonly string[] = ['www.rfc-editor.org', 'rfc-editor.org', 'datatracker.ietf.org'];

/** The address in its normal form where it may be opened in the user's browser, else null: https at the RFC editor and the IETF only. */
export function allowedLink(address: unknown): string | null {
  if (typeof address !== 'string' || !URL.canParse(address)) return null;
  const url = new URL(address);
  const isPlain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '';
  return isPlain && HOSTS.includes(url.hostname) ? url.href : null;
}
