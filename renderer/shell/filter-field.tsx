import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Completion, FilterError, TableName } from '../../shared/engine-api.ts';
import { ask, isCancelled } from '../client/client.ts';
import { go } from '../model/navigate.ts';
import type { ViewName } from '../model/place.ts';
import { useApp } from '../model/store.ts';
import { Icon } from '../widgets/icon.tsx';
import { formatCount } from '../model/format/numbers.ts';

const TABLES: Record<ViewName, TableName> = {
  overview: 'packets',
  calls: 'calls',
  streams: 'streams',
  problems: 'problems',
  packets: 'packets',
  ice: 'sessions',
  agents: 'packets',
  compare: 'packets',
  keys: 'keys',
  plugins: 'packets',
};

/** The table that a view's filter picks from. */
export function tableOf(view: ViewName): TableName {
  return TABLES[view];
}

/** The display filter: completes as one types, shows what is wrong in place; only a right one is applied. */
export function FilterField() {
  const applied = useApp((state) => state.place.filter);
  const table = useApp((state) => tableOf(state.place.view));
  const status = useApp((state) => state.capture.status);
  const shown = useApp((state) => state.shown);
  const [text, setText] = useState(applied);
  const [error, setError] = useState<FilterError | null>(null);
  const [answered, setCompletion] = useState<(Completion & { text: string }) | null>(null);
  const [chosen, setChosen] = useState(-1);
  // Places in a text are those of no other: what completes it is gone as soon as it changes.
  const completion = answered?.text === text ? answered : null;
  const input = useRef<HTMLInputElement>(null);
  /** Counts what was asked for, and what was sent away: an answer that comes too late opens no list. */
  const asked = useRef(0);
  /** Where the caret belongs once the text that was taken stands in the field. */
  const caret = useRef<number | null>(null);
  const isDisabled = status !== 'open' && status !== 'reading';

  useEffect(() => {
    setText(applied);
    setError(null);
  }, [applied]);

  useEffect(() => {
    if (isDisabled) return;
    if (text.trim() === '') {
      setError(null);
      return;
    }
    const abort = new AbortController();
    ask('filter.check', { filter: text, table }, { signal: abort.signal }).then(
      (answer) => setError(answer.error),
      (problem: unknown) => {
        if (!isCancelled(problem)) setError(null);
      },
    );
    return () => abort.abort();
  }, [text, table, isDisabled]);

  const closeList = (): void => {
    asked.current++;
    setCompletion(null);
    setChosen(-1);
  };

  const complete = (value: string, cursor: number): void => {
    const question = ++asked.current;
    ask('filter.complete', { filter: value, cursor, table }).then(
      (answer) => {
        if (question !== asked.current) return;
        setCompletion(answer.items.length > 0 ? { ...answer, text: value } : null);
        setChosen(-1);
      },
      () => setCompletion(null),
    );
  };

  const take = (at: number): void => {
    const item = completion?.items[at];
    if (completion === null || item === undefined) return;
    const value = `${text.slice(0, completion.from)}${item.text}${text.slice(completion.to)}`;
    const cursor = completion.from + item.text.length;
    setText(value);
    closeList();
    caret.current = cursor;
  };
  // With the text itself, before another key can be pressed: later the caret would jump under a person's fingers.
  useLayoutEffect(() => {
    const cursor = caret.current;
    caret.current = null;
    if (cursor === null) return;
    input.current?.setSelectionRange(cursor, cursor);
    complete(text, cursor);
  }, [text]);

  const apply = async (): Promise<void> => {
    closeList();
    const wanted = text.trim();
    const answer = wanted === '' ? { error: null } : await ask('filter.check', { filter: wanted, table });
    setError(answer.error);
    if (answer.error === null) go({ filter: wanted });
    else input.current?.setSelectionRange(answer.error.at, answer.error.at + Math.max(1, answer.error.length));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const count = completion?.items.length ?? 0;
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && count > 0) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((at) => (at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count));
    } else if (event.key === 'ArrowDown' && count === 0) {
      complete(text, input.current?.selectionStart ?? text.length);
    } else if (event.key === 'Tab' && count > 0 && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (chosen >= 0) take(chosen);
      else void apply();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (completion !== null) closeList();
      else if (text !== applied) setText(applied);
      else input.current?.blur();
    }
  };

  const isWrong = error !== null;
  const isApplied = applied !== '' && text.trim() === applied;
  const className = `field${isWrong ? ' bad' : isApplied || (text.trim() !== '' && !isWrong) ? ' ok' : ''}`;
  return (
    <div className="filter" role="search">
      <div className={isDisabled ? 'field' : className}>
        <Icon name="search" />
        <input
          id="filter"
          ref={input}
          className={text === '' ? '' : 'mono'}
          value={text}
          disabled={isDisabled}
          placeholder={
            status === 'reading' ? 'Filter what has been read so far' : 'Filter, for example sip.Method == "INVITE"'
          }
          aria-label="Display filter"
          aria-invalid={isWrong}
          aria-describedby="filter-state"
          role="combobox"
          aria-expanded={completion !== null}
          aria-controls="filter-list"
          aria-autocomplete="list"
          aria-activedescendant={chosen >= 0 ? `filter-item-${chosen}` : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => {
            setText(target.value);
            complete(target.value, target.selectionStart ?? target.value.length);
          }}
          onKeyDown={onKeyDown}
          onBlur={closeList}
        />
        <span className="filter-state" id="filter-state">
          {isWrong && <span className="err">{error.message}</span>}
          {!isWrong && isApplied && shown !== null && (
            <>
              <span className="t2">
                {formatCount(shown.shown)} of {formatCount(shown.of)}
              </span>
              <span className="okc">
                <Icon name="check" small />
              </span>
            </>
          )}
          {!isWrong && !isApplied && text.trim() !== '' && <span className="t3">Enter applies it</span>}
          {text === '' && !isDisabled && <kbd>Ctrl F</kbd>}
          {text !== '' && (
            <button
              type="button"
              className="filter-clear"
              aria-label="Clear the filter"
              onClick={() => {
                setText('');
                go({ filter: '' });
              }}
            >
              <Icon name="close" small />
            </button>
          )}
        </span>
      </div>
      {completion !== null && (
        <ul className="filter-list" id="filter-list" role="listbox" aria-label="Completions">
          {completion.items.map((item, at) => (
            <li
              key={`${item.kind} ${item.text}`}
              id={`filter-item-${at}`}
              role="option"
              aria-selected={at === chosen}
              onMouseDown={(event) => {
                event.preventDefault();
                take(at);
              }}
            >
              <span className="mono">{item.text}</span>
              <span className="t3">{item.detail}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
