import { type RefObject, useEffect } from 'react';
import { addCommands } from '../model/commands.ts';
import { move } from '../model/navigate.ts';
import type { Place } from '../model/place.ts';
import { arrangeEndpoints } from './endpoint-choice.ts';
import { type ExportedLadder, exportEntries } from './export-entries.ts';

/** What can be done with the ladder from menu and palette while it is there. */
export function useLadderCommands({
  panel,
  exported,
  fold,
  splitByPort,
  shown,
  onFold,
}: {
  panel: RefObject<HTMLElement | null>;
  exported: ExportedLadder | null;
  fold: boolean;
  splitByPort: boolean;
  /** What of the place brings the ladder to the front. */
  shown: Partial<Place>;
  onFold: (fold: boolean) => void;
}): void {
  useEffect(() => {
    const isEnabled = (): boolean => exported !== null;
    const exports = (exported === null ? [] : exportEntries(exported)).flatMap((entry) =>
      entry.kind === 'item' ? [entry] : [],
    );
    return addCommands([
      {
        id: 'ladder.focus',
        title: 'Go to the ladder',
        group: 'Ladder',
        isEnabled,
        run: () => {
          move(shown);
          panel.current?.querySelector<HTMLElement>('[role="listbox"]')?.focus();
        },
      },
      {
        id: 'ladder.fold',
        title: fold ? 'Show every retransmission' : 'Fold retransmissions',
        group: 'Ladder',
        isEnabled,
        run: () => onFold(!fold),
      },
      {
        id: 'ladder.ports',
        title: splitByPort ? 'Merge endpoints by IP' : 'Split endpoints by port',
        group: 'Ladder',
        isEnabled,
        run: () => arrangeEndpoints({ splitByPort: !splitByPort, exceptions: [] }),
      },
      {
        id: 'ladder.showHidden',
        title: 'Show hidden endpoints',
        group: 'Ladder',
        isEnabled: () => (exported?.diagram.hidden.length ?? 0) > 0,
        run: () => arrangeEndpoints({ hidden: [] }),
      },
      ...exports.map(({ label, run }, at) => ({
        id: `ladder.export.${at}`,
        title: label.startsWith('Copy') ? label.replace('Copy', 'Copy the ladder') : `Export the ladder: ${label}`,
        group: 'Ladder' as const,
        isEnabled,
        run,
      })),
    ]);
  }, [panel, exported, fold, splitByPort, shown, onFold]);
}
