/** What becomes of a packet between the wire and the ear. */
export const Fate = {
  /** Not audio, or not decoded: it has no place. */
  None: 0,
  Played: 1,
  /** A copy of a packet that has its place already. */
  Duplicate: 2,
  /** Its timestamp fits nothing around it, or its moment is out of bounds. */
  Stray: 3,
  /** It came after the moment it should have been heard. */
  Late: 4,
  /** It was there, and left out so that the buffer's delay shrinks. */
  Dropped: 5,
} as const;
export type Fate = (typeof Fate)[keyof typeof Fate];
