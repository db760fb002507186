import { useCallback, useMemo } from 'react';
import { keep, setting } from '../../model/settings.ts';
import { useApp } from '../../model/store.ts';
import { type ColumnState, parseColumnState } from './column-state.ts';

function settingName(grid: string): string {
  return `grid.${grid}`;
}

/** How a person arranged a grid; everything that shows the grid by that name follows. */
export function useColumnState(grid: string): readonly [ColumnState, (change: Partial<ColumnState> | null) => void] {
  const kept = useApp((state) => state.settings[settingName(grid)]);
  const state = useMemo(() => parseColumnState(kept), [kept]);
  const change = useCallback(
    (part: Partial<ColumnState> | null) => {
      // Read anew: two changes may come between two drawings.
      const now = parseColumnState(setting(settingName(grid)));
      keep({ [settingName(grid)]: part === null ? null : { ...now, ...part } });
    },
    [grid],
  );
  return [state, change];
}
