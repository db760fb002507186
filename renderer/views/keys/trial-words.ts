import type { KeyTrial } from '../../../shared/engine-api.ts';
import { countOf, formatCount } from '../../model/format/numbers.ts';

/** What a trial came to: the sentence for it, and how good that is. `null` where a field is wrong, which says so itself. */
export function trialWords(
  trial: KeyTrial,
  hasCapture: boolean,
): { text: string; severity: 'ok' | 'error' | 'note' } | null {
  const { error, tried, authenticated, streams } = trial;
  if (error !== null) return null;
  if (!hasCapture) return { text: 'It is tried on the captures opened from now on.', severity: 'note' };
  if (tried === 0) return { text: 'No encrypted packet in the capture is meant by it.', severity: 'note' };
  if (authenticated === 0) {
    return { text: `Authentication failed on ${countOf(tried, 'packet')} tried.`, severity: 'error' };
  }
  const verb = authenticated === 1 ? 'authenticates' : 'authenticate';
  // Meant for anybody, it was tried on streams of others, too: those say nothing against it.
  const own = streams.filter((stream) => stream.authenticated > 0).reduce((sum, stream) => sum + stream.tried, 0);
  return { text: `${formatCount(authenticated)} of ${countOf(own, 'packet')} ${verb}.`, severity: 'ok' };
}
