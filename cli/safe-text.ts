export { fitText, padText, safeJson, safeText, textWidth } from '../shared/safe-text.ts';
