/**
 * The value of `name` in the format parameters of an fmtp (`octet-align=1; mode-set=0,2`, RFC 4867 section 8.1 and the like);
 * names are told apart without regard to case. '' where it stands without a value, null where it is not there.
 */
export function parameterOf(parameters: string, name: string): string | null {
  const wanted = name.toLowerCase();
  for (const part of parameters.split(';')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    if (key.trim().toLowerCase() === wanted) return equals < 0 ? '' : part.slice(equals + 1).trim();
  }
  return null;
}
