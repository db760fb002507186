export { blanks, fitText, isPlain, padText, safeJson, safeText, textWidth } from '../shared/safe-text.ts';
