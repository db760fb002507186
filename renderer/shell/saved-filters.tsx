import { go } from '../model/navigate.ts';
import { keep } from '../model/settings.ts';
import { useApp } from '../model/store.ts';
import { Icon } from '../widgets/icon.tsx';

/** Filters a person kept for later, by the filter's own text. */
export function SavedFilters() {
  const kept = useApp((state) => state.settings['filters.saved']);
  const current = useApp((state) => state.place.filter);
  const saved = Array.isArray(kept) ? kept.filter((item): item is string => typeof item === 'string') : [];
  const canSave = current !== '' && !saved.includes(current);
  if (saved.length === 0 && !canSave) return null;
  return (
    <>
      <div className="nav-h">
        <span>Saved filters</span>
        <span className="sp" />
        {canSave && (
          <button
            type="button"
            aria-label="Save this filter"
            title="Save this filter"
            onClick={() => keep({ 'filters.saved': [...saved, current] })}
          >
            <Icon name="star" />
          </button>
        )}
      </div>
      {saved.map((filter) => (
        <div className="saved" key={filter}>
          <button type="button" className="nav sub" title={filter} onClick={() => go({ filter, view: 'packets' })}>
            <Icon name="filter" />
            <span className="trunc mono">{filter}</span>
          </button>
          <button
            type="button"
            className="saved-remove"
            aria-label={`Forget the filter ${filter}`}
            onClick={() => keep({ 'filters.saved': saved.filter((other) => other !== filter) })}
          >
            <Icon name="close" small />
          </button>
        </div>
      ))}
    </>
  );
}
