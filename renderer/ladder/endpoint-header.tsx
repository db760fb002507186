import { type KeyboardEvent, type RefObject, useState } from 'react';
import { LEAST_PITCH_PX, type Diagram, type PlacedColumn } from '../../shared/ladder-diagram/layout.ts';
import { fitMiddle } from '../../shared/ladder-diagram/shapes.ts';
import { headOfTimes } from '../../shared/ladder-diagram/svg.ts';
import { safeText } from '../../shared/safe-text.ts';
import { Menu, type MenuEntry } from '../widgets/menu/menu.tsx';
import { arrangeEndpoints, nameEndpoint, useEndpointChoice } from './endpoint-choice.ts';

interface OpenMenu {
  readonly key: string;
  readonly x: number;
  readonly y: number;
}

/** Names over the lifelines: dragged to another place, renamed, hidden, told apart by port. */
export function EndpointHeader({ diagram, track }: { diagram: Diagram; track: RefObject<HTMLDivElement | null> }) {
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const { columns, gutter, timeWidth } = diagram;
  const pitch = columns.length > 1 ? columns[1].x - columns[0].x : LEAST_PITCH_PX;
  const open = columns.find(({ key }) => key === menu?.key);
  const entries = useEntries(diagram, open, (key) => setRenaming(key));
  return (
    <div className="ladder-head">
      <div className="ladder-head-clip" style={{ left: gutter }}>
        <div className="ladder-head-track" ref={track} style={{ left: -gutter }}>
          {columns.map((column) =>
            column.key === renaming ? (
              <NameField key={column.key} column={column} width={pitch - 8} onDone={() => setRenaming(null)} />
            ) : (
              <Endpoint
                key={column.key}
                column={column}
                diagram={diagram}
                width={pitch - 8}
                onMenu={(x, y) => setMenu({ key: column.key, x, y })}
                onRename={() => setRenaming(column.key)}
                onDrag={(isOver) => setDragged(isOver ? column.key : null)}
                onDrop={() => {
                  if (dragged !== null) moveEndpoint(diagram, dragged, columns.indexOf(column));
                  setDragged(null);
                }}
                onStep={(step) => moveEndpoint(diagram, column.key, columns.indexOf(column) + step)}
              />
            ),
          )}
        </div>
      </div>
      <span className="ladder-head-time mono" style={{ width: timeWidth }}>
        {headOfTimes(diagram)}
      </span>
      <span className="ladder-head-step mono" style={{ left: timeWidth, width: gutter - timeWidth - 4 }}>
        Δ s
      </span>
      {menu !== null && open !== undefined && (
        <Menu label={`Endpoint ${open.name}`} at={menu} entries={entries} onClose={() => setMenu(null)} />
      )}
    </div>
  );
}

function Endpoint({
  column,
  diagram,
  width,
  onMenu,
  onRename,
  onDrag,
  onDrop,
  onStep,
}: {
  column: PlacedColumn;
  diagram: Diagram;
  width: number;
  onMenu: (x: number, y: number) => void;
  onRename: () => void;
  onDrag: (isOver: boolean) => void;
  onDrop: () => void;
  onStep: (step: 1 | -1) => void;
}) {
  const { name, address, x, key } = column;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'F2') onRename();
    else if (event.altKey && event.key === 'ArrowLeft') onStep(-1);
    else if (event.altKey && event.key === 'ArrowRight') onStep(1);
    else return;
    event.preventDefault();
  };
  return (
    <button
      type="button"
      className="ladder-ep"
      style={{ left: x - width / 2, width }}
      title={[name, address]
        .filter((text) => text !== '')
        .map(safeText)
        .join('\n')}
      aria-haspopup="menu"
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', key);
        onDrag(true);
      }}
      onDragEnd={() => onDrag(false)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onDrop();
      }}
      onKeyDown={onKeyDown}
      onDoubleClick={onRename}
      onClick={(event) => {
        // The mouse has its own button for the menu; a click without one came by keyboard.
        if (event.detail !== 0) return;
        const box = event.currentTarget.getBoundingClientRect();
        onMenu(box.left, box.bottom);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(event.clientX, event.clientY);
      }}
    >
      <b>{fitMiddle(safeText(name), 'ui-strong', (width * 11) / 12, diagram.measure)}</b>
      <span className="mono">{fitMiddle(safeText(address), 'mono', width, diagram.measure)}</span>
    </button>
  );
}

function NameField({ column, width, onDone }: { column: PlacedColumn; width: number; onDone: () => void }) {
  const [name, setName] = useState(column.name === column.key ? '' : column.name);
  const finish = (): void => {
    nameEndpoint(column.key, name.trim());
    onDone();
  };
  return (
    <input
      className="ladder-name field"
      style={{ left: column.x - width / 2, width }}
      aria-label={`Name of ${column.key}`}
      placeholder={safeText(column.key)}
      value={name}
      maxLength={80}
      // Renaming begins where the name is.
      ref={(element) => element?.focus()}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish();
        else if (event.key === 'Escape') onDone();
        event.stopPropagation();
      }}
    />
  );
}

function useEntries(
  { columns, hidden }: Diagram,
  column: PlacedColumn | undefined,
  rename: (key: string) => void,
): MenuEntry[] {
  const choice = useEndpointChoice();
  if (column === undefined) return [];
  const { key, ip, canSplit, isSplit } = column;
  const at = columns.indexOf(column);
  const place = (index: number): void => moveEndpoint({ columns }, key, index);
  const others = choice.exceptions.filter((other) => other !== ip);
  return [
    { kind: 'item', label: 'Rename…', detail: 'F2', run: () => rename(key) },
    {
      kind: 'item',
      label: 'Forget the name',
      isDisabled: choice.names[key] === undefined,
      run: () => nameEndpoint(key, ''),
    },
    { kind: 'separator' },
    { kind: 'item', label: 'Move left', detail: 'Alt+←', isDisabled: at === 0, run: () => place(at - 1) },
    {
      kind: 'item',
      label: 'Move right',
      detail: 'Alt+→',
      isDisabled: at === columns.length - 1,
      run: () => place(at + 1),
    },
    { kind: 'separator' },
    {
      kind: 'item',
      label: isSplit ? 'Merge its ports' : 'Split by port',
      isDisabled: !canSplit,
      run: () => arrangeEndpoints({ exceptions: choice.exceptions.includes(ip) ? others : [...others, ip] }),
    },
    {
      kind: 'item',
      label: 'Hide',
      isDisabled: columns.length < 2,
      run: () => arrangeEndpoints({ hidden: [...choice.hidden, key] }),
    },
    {
      kind: 'item',
      label: 'Show all',
      isDisabled: hidden.length === 0,
      run: () => arrangeEndpoints({ hidden: [] }),
    },
  ];
}

/** Puts an endpoint at a place among those shown. */
function moveEndpoint({ columns }: Pick<Diagram, 'columns'>, key: string, index: number): void {
  const order = columns.map((column) => column.key).filter((other) => other !== key);
  order.splice(Math.max(0, Math.min(order.length, index)), 0, key);
  arrangeEndpoints({ order });
}
