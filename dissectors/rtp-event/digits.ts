/** Event codes of telephone-events: RFC 4733, section 3; RFC 4734; RFC 5244; as registered by IANA. */

const DIGITS = '0123456789*#ABCD';
const FLASH = 16;

/** What a person reads of a dialled event: `0` … `9`, `*`, `#`, `A` … `D`, `flash`; null for every other event. */
export function digitOf(event: number): string | null {
  if (event === FLASH) return 'flash';
  return DIGITS[event] ?? null;
}

/** The events that are no digits and that captures show. */
const NAMES: Readonly<Record<number, string>> = {
  23: 'CRdSeg (V.8 bis)',
  24: 'CReSeg (V.8 bis)',
  25: 'MRdSeg (V.8 bis)',
  26: 'MReSeg (V.8 bis)',
  27: 'V32AC (V.32)',
  28: 'V8bISeg (V.8 bis)',
  29: 'V8bRSeg (V.8 bis)',
  30: 'V21L300 (V.21 low channel)',
  31: 'V21H300 (V.21 high channel)',
  32: 'ANS (fax or modem answer tone)',
  33: '/ANS (ANS with phase reversals)',
  34: 'ANSam (V.8 answer tone)',
  35: '/ANSam (ANSam with phase reversals)',
  36: 'CNG (fax calling tone)',
  37: 'V.21 channel 1, bit 0',
  38: 'V.21 channel 1, bit 1',
  39: 'V.21 channel 2, bit 0',
  40: 'V.21 channel 2, bit 1',
  41: 'CRdi (V.8 bis)',
  42: 'CRdr (V.8 bis)',
  43: 'CRe (V.8 bis)',
  44: 'ESi (V.8 bis)',
  45: 'ESr (V.8 bis)',
  46: 'MRdi (V.8 bis)',
  47: 'MRdr (V.8 bis)',
  48: 'MRe (V.8 bis)',
  49: 'CT (modem calling tone)',
  52: 'ANS2225 (text telephone answer tone)',
  53: 'CI (V.8)',
  54: 'V.21 preamble flag (T.30)',
  55: 'V21L110 (text telephone)',
  56: 'B103L300 (Bell 103)',
  57: 'V23Main (V.23)',
  58: 'V23Back (V.23)',
  59: 'Baud4545 (text telephone)',
  60: 'Baud50 (text telephone)',
  61: 'VBDGen (unidentified modem)',
  62: 'XCIMark (V.18)',
  63: 'V32AA (V.32)',
  64: 'Off hook',
  65: 'On hook',
  66: 'Dial tone',
  67: 'PABX internal dial tone',
  68: 'Special dial tone',
  69: 'Second dial tone',
  70: 'Ringing tone',
  71: 'Special ringing tone',
  72: 'Busy tone',
  73: 'Congestion tone',
  74: 'Special information tone',
  75: 'Comfort tone',
  76: 'Hold tone',
  77: 'Record tone',
  78: 'Caller waiting tone',
  79: 'Call waiting tone',
  80: 'Pay tone',
  81: 'Positive indication tone',
  82: 'Negative indication tone',
  83: 'Warning tone',
  84: 'Intrusion tone',
  85: 'Calling card service tone',
  86: 'Payphone recognition tone',
  87: 'CPE alerting signal',
  88: 'Off-hook warning tone',
  89: 'Ring',
  121: 'Continuity check tone',
  122: 'Continuity verify tone',
  160: 'Wink',
  161: 'Wink off',
  162: 'Incoming seizure',
  163: 'Seizure',
  164: 'Unseize circuit',
  165: 'Continuity test',
  174: 'Metering pulse',
  175: 'Trunk unavailable',
};

/** The name of an event code; a digit as `digit 5`. */
export function eventName(event: number): string {
  const digit = digitOf(event);
  if (digit !== null) return event === FLASH ? 'flash' : `digit ${digit}`;
  const mfDigit = event - 128;
  if (mfDigit >= 0 && mfDigit <= 9) return `MF ${mfDigit}`;
  return NAMES[event] ?? `event ${event}`;
}
