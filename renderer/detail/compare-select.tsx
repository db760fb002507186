import type { MessageChoice, MessagePairs } from './message-pairs.ts';

const NAMES = {
  previous: 'Previous of the dialog',
  earlierHop: 'The hop before',
  nextHop: 'The next hop',
  repeated: 'Sent again',
} as const;

/** What a message is compared with: its kin first, then every message of the call. */
export function CompareSelect({
  pairs,
  value,
  onChange,
}: {
  pairs: MessagePairs;
  value: string;
  onChange: (value: string) => void;
}) {
  const kin = (Object.keys(NAMES) as (keyof typeof NAMES)[])
    .map((name) => ({ name, choice: pairs[name] }))
    .filter((entry): entry is { name: keyof typeof NAMES; choice: MessageChoice } => entry.choice !== null);
  return (
    <select
      className="message-select"
      aria-label="Compare with"
      value={value}
      disabled={pairs.all.length === 0}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{pairs.all.length === 0 ? 'No other message of a call' : 'Compare with…'}</option>
      {kin.length > 0 && (
        <optgroup label="Same dialog or message">
          {kin.map(({ name, choice }) => (
            <option key={name} value={name}>
              {NAMES[name]}: {choice.label}
            </option>
          ))}
        </optgroup>
      )}
      <optgroup label="Messages of the call">
        {pairs.all.map(({ packet, label }, at) => (
          <option key={at} value={packet}>
            {label}
          </option>
        ))}
      </optgroup>
    </select>
  );
}
