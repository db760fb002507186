import './decode-notes.css';
import type { SuggestionRow } from '../../../shared/decode-as.ts';
import { useQuery } from '../../client/use-query.ts';
import { addRule, dismissedRules, dismissRule, openDecodeAs } from '../../model/decode-as.ts';
import { go } from '../../model/navigate.ts';
import { useApp } from '../../model/store.ts';
import { Icon } from '../../widgets/icon.tsx';
import { addressOf, portOf } from './rule-form.ts';
import { sentenceText, shortText, takenForText } from './suggestion-words.ts';

/** What is suggested for the open capture and was not dismissed. */
export function useSuggestions(): readonly SuggestionRow[] {
  const isOpen = useApp((state) => state.capture.status === 'open');
  const dismissed = useApp(dismissedRules);
  const { data } = useQuery('decodeAs.suggestions', isOpen ? {} : null);
  return (data ?? []).filter(({ rule }) => !dismissed.includes(rule));
}

/** Unclaimed traffic that looks like something, in the overview. */
export function SuggestionList() {
  const rows = useSuggestions();
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="overview-unclaimed">
      <div className="ph">
        <h2 id="overview-unclaimed">Unclaimed traffic</h2>
      </div>
      <ul>
        {rows.map((row) => (
          <li key={row.rule} className="decode-note">
            <p>{sentenceText(row)}</p>
            <SuggestionWays row={row} hasPackets />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The same as a line above the packets: the weightiest one, and how many more there are. */
export function SuggestionLine() {
  const rows = useSuggestions();
  const [row] = rows;
  if (row === undefined) return null;
  return (
    <div className="decode-note is-line" role="note">
      <p className="trunc" title={sentenceText(row)}>
        {shortText(row)}
      </p>
      {rows.length > 1 && (
        <button type="button" className="link" onClick={() => go({ view: 'overview' })}>
          {rows.length - 1} more
        </button>
      )}
      <SuggestionWays row={row} hasPackets={false} />
    </div>
  );
}

function SuggestionWays({ row, hasPackets }: { row: SuggestionRow; hasPackets: boolean }) {
  const isBusy = useApp((state) => state.rereading !== null);
  const { rule, src, dst } = row;
  const what = takenForText(row);
  return (
    <span className="decode-ways">
      <button
        type="button"
        className="btn"
        disabled={isBusy}
        title={rule}
        onClick={() => void addRule(rule, 'capture', `Decoded as ${what}`)}
      >
        Decode as {what}
      </button>
      {hasPackets && (
        <>
          <button type="button" className="link" onClick={() => go({ view: 'packets', filter: flowFilter(src, dst) })}>
            Show the packets
          </button>
          <button
            type="button"
            className="link"
            onClick={() => openDecodeAs({ transport: 'udp', source: src, destination: dst, ssrc: '' })}
          >
            Another rule…
          </button>
        </>
      )}
      <button
        type="button"
        className="btn g sq"
        aria-label={`Dismiss: ${row.sentence}`}
        title="Dismiss for this capture"
        onClick={() => dismissRule(rule)}
      >
        <Icon name="close" small />
      </button>
    </span>
  );
}

function flowFilter(src: string, dst: string): string {
  const ends = [src, dst].map(
    (end) => `${end.startsWith('[') ? 'ipv6' : 'ip'}.addr == ${addressOf(end)} && udp.port == ${portOf(end)}`,
  );
  return ends.join(' && ');
}
