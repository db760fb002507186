import type { Command } from '../../model/commands.ts';
import { cancelCompare, compare, pickOther } from '../../model/compare.ts';
import { getState } from '../../model/store.ts';

const isOpen = (): boolean => getState().capture.status === 'open';

export const compareCommands: readonly Command[] = [
  {
    id: 'compare.within',
    title: 'Compare capture points in this capture',
    group: 'View',
    isEnabled: isOpen,
    run: () => void compare({ other: null, streams: null }),
  },
  {
    id: 'compare.with',
    title: 'Compare with another capture…',
    group: 'File',
    isEnabled: isOpen,
    run: () => void pickOther(),
  },
  {
    id: 'compare.cancel',
    title: 'Cancel comparing',
    group: 'View',
    isEnabled: () => getState().compare.status === 'working',
    run: cancelCompare,
  },
];
