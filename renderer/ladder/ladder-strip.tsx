import { useState } from 'react';
import type { EndpointChoice } from '../../shared/ladder-diagram/columns.ts';
import type { foldedCounts } from '../../shared/ladder-diagram/fold.ts';
import type { TimeStyle } from '../../shared/ladder-diagram/times.ts';
import { countText } from '../../shared/ladder-diagram/words.ts';
import { keep } from '../model/settings.ts';
import { type TimeFormat, update, useApp } from '../model/store.ts';
import { Icon } from '../widgets/icon.tsx';
import { Menu } from '../widgets/menu/menu.tsx';
import { arrangeEndpoints } from './endpoint-choice.ts';
import { type ExportedLadder, exportEntries } from './export-entries.ts';

/** What stands over a ladder: how many messages, how times and endpoints are shown, export. */
export function LadderStrip({
  counts,
  exported,
  time,
  choice,
  fold,
  onFold,
}: {
  counts: ReturnType<typeof foldedCounts> | null;
  /** null where there is nothing to export. */
  exported: ExportedLadder | null;
  time: TimeStyle;
  choice: EndpointChoice;
  fold: boolean;
  onFold: (fold: boolean) => void;
}) {
  const zone = useApp((state) => state.timeZone);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const hidden = exported?.diagram.hidden.length ?? 0;
  return (
    <div className="ph ladder-strip">
      <span className="t2 ladder-counts trunc">{counts === null ? '' : countsText(counts)}</span>
      <span className="sp" />
      {hidden > 0 && (
        <button type="button" className="btn g" onClick={() => arrangeEndpoints({ hidden: [] })}>
          Show {countText(hidden, 'hidden endpoint')}
        </button>
      )}
      <Choice
        label="Times"
        chosen={time === 'since-start' ? 0 : 1}
        words={['Since start', zone === 'utc' ? 'UTC' : 'Local']}
        onChoose={(at) => showTimes(at === 0 ? 'since-start' : 'absolute')}
      />
      <Choice
        label="Endpoints"
        chosen={choice.splitByPort ? 1 : 0}
        words={['Merge by IP', 'Split by port']}
        onChoose={(at) => arrangeEndpoints({ splitByPort: at === 1, exceptions: [] })}
      />
      <button type="button" className="btn g" aria-pressed={fold} onClick={() => onFold(!fold)}>
        <Icon name="fold" small />
        {fold ? 'Retransmissions folded' : 'Retransmissions shown'}
      </button>
      <button
        type="button"
        className="btn g sq"
        aria-label="Export the ladder"
        title="Export the ladder"
        aria-haspopup="menu"
        disabled={exported === null}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setMenu({ x: box.right - 200, y: box.bottom + 2 });
        }}
      >
        <Icon name="export" small />
      </button>
      {menu !== null && exported !== null && (
        <Menu label="Export the ladder" at={menu} entries={exportEntries(exported)} onClose={() => setMenu(null)} />
      )}
    </div>
  );
}

function Choice({
  label,
  words,
  chosen,
  onChoose,
}: {
  label: string;
  words: readonly string[];
  chosen: number;
  onChoose: (at: number) => void;
}) {
  return (
    <span className="seg" role="group" aria-label={label}>
      {words.map((word, at) => (
        <button
          key={word}
          type="button"
          className={at === chosen ? 'on' : ''}
          aria-pressed={at === chosen}
          onClick={() => onChoose(at)}
        >
          {word}
        </button>
      ))}
    </span>
  );
}

function showTimes(timeFormat: TimeFormat): void {
  update({ timeFormat });
  keep({ timeFormat });
}

function countsText({ messages, folded, into }: ReturnType<typeof foldedCounts>): string {
  const all = countText(messages, 'message');
  if (folded === 0) return all;
  return into === 0 ? `${all}, ${folded} folded` : `${all}, ${folded} folded into ${into}`;
}
