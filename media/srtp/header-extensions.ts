/** Encrypted header extension elements (RFC 6904): a key stream over all of them, used only where the mask says. */
const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;
/** In the one-byte form, whatever follows this id is not read (RFC 8285 section 4.2). */
const STOP_ID = 15;

/**
 * Makes the elements with these ids plain, in place. `at`: where the extension's own header begins; `end`: behind its
 * last octet; the key stream begins with the first element. Elements that do not fit are left as they are.
 */
export function openExtensions(
  bytes: Uint8Array,
  at: number,
  end: number,
  ids: readonly number[],
  keystream: Uint8Array,
  keystreamAt: number,
): void {
  const profile = (bytes[at] << 8) | bytes[at + 1];
  const isOneByte = profile === ONE_BYTE_PROFILE;
  if (!isOneByte && (profile & 0xfff0) !== TWO_BYTE_PROFILE) return;
  const first = at + 4;
  for (let from = first; from < end; ) {
    const id = isOneByte ? bytes[from] >> 4 : bytes[from];
    if (isOneByte && id === STOP_ID) return;
    // Padding is an octet of id 0, without a length in the two-byte form.
    if (id === 0) {
      from++;
      continue;
    }
    const data = from + (isOneByte ? 1 : 2);
    const length = isOneByte ? (bytes[from] & 0x0f) + 1 : bytes[from + 1];
    if (data + length > end) return;
    if (ids.includes(id)) {
      for (let i = data; i < data + length; i++) bytes[i] ^= keystream[keystreamAt + i - first];
    }
    from = data + length;
  }
}
