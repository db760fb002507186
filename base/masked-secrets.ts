/** Passwords in JSON, put out of sight wherever its text is shown. */

/** What stands in the place of a secret. */
export const HIDDEN = '••••••';

const SECRET_NAME = /^(?:passwd|password|pass|secret|token|authorization|access_token|jwt|credential)$/i;
const SECRET_MEMBER =
  /("(?:passwd|password|pass|secret|token|authorization|access_token|jwt|credential)"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|[^\s,}\]]+)/gi;

/** Whether a member of this name holds what nobody else may see. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** JSON text, whole or cut, with the values of such members replaced. */
export function withoutSecrets(json: string): string {
  return json.replace(SECRET_MEMBER, `$1"${HIDDEN}"`);
}
