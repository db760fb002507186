/** Status codes of each class, in the order of their sections. */
const ORDER: readonly (readonly [section: string, codes: readonly number[]])[] = [
  ['21.3', [300, 301, 302, 305, 380]],
  [
    '21.4',
    [
      400, 401, 402, 403, 404, 405, 406, 407, 408, 410, 413, 414, 415, 416, 420, 421, 423, 480, 481, 482, 483, 484, 485,
      486, 487, 488, 491, 493,
    ],
  ],
  ['21.5', [500, 501, 502, 503, 504, 505, 513]],
  ['21.6', [600, 603, 604, 606]],
];

/** Where a status code is defined: `RFC 3261 §21.4.5` for 404; null where RFC 3261 does not have it. */
export function statusSection(status: number): string | null {
  for (const [section, codes] of ORDER) {
    const place = codes.indexOf(status);
    if (place >= 0) return `RFC 3261 §${section}.${place + 1}`;
  }
  return null;
}
