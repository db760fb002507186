import { type KeyboardEvent, useId, useState } from 'react';

interface Option {
  readonly id: string;
  readonly label: string;
}

/** Those whose name or id has every word. */
export function findOptions(options: readonly Option[], text: string): Option[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ id, label }) => words.every((word) => `${label} ${id}`.toLowerCase().includes(word)));
}

/** What the payload is: a list that can be searched, with the one chosen marked in it. */
export function DissectorChoice({
  options,
  value,
  onChange,
}: {
  options: readonly Option[];
  value: string;
  onChange: (id: string) => void;
}) {
  const list = useId();
  const [text, setText] = useState('');
  const found = findOptions(options, text);
  const at = found.findIndex(({ id }) => id === value);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const next = event.key === 'ArrowDown' ? Math.min(at + 1, found.length - 1) : Math.max(at - 1, 0);
    if (found[next] !== undefined) onChange(found[next].id);
  };
  const search = (words: string): void => {
    setText(words);
    const first = findOptions(options, words)[0];
    if (words !== '' && first !== undefined) onChange(first.id);
  };
  return (
    <div className="decode-as">
      <input
        className="decode-input"
        role="combobox"
        aria-label="Dissector"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={at < 0 ? undefined : `${list}-${value}`}
        placeholder="Search"
        spellCheck={false}
        value={text}
        onChange={({ target }) => search(target.value)}
        onKeyDown={onKeyDown}
      />
      <ul id={list} role="listbox" aria-label="Dissectors">
        {found.map(({ id, label }) => (
          <li
            key={id}
            id={`${list}-${id}`}
            role="option"
            aria-selected={id === value}
            ref={id === value ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            onClick={() => onChange(id)}
          >
            <span>{label}</span>
            <span className="t3 mono">{id}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="t2">No dissector has these words.</p>}
    </div>
  );
}
