import { addCommands } from '../../model/commands.ts';

interface Steppable {
  step(rows: number): void;
}

let last: Steppable | null = null;

/** The grid that had the keyboard last: j and k move in it from wherever the focus is. */
export function rememberGrid(grid: Steppable | null): void {
  last = grid;
}

export function forgetGrid(grid: Steppable): void {
  if (last === grid) last = null;
}

addCommands([
  {
    id: 'rows.next',
    title: 'Next row',
    keys: ['j'],
    group: 'Rows',
    isEnabled: () => last !== null,
    run: () => last?.step(1),
  },
  {
    id: 'rows.previous',
    title: 'Previous row',
    keys: ['k'],
    group: 'Rows',
    isEnabled: () => last !== null,
    run: () => last?.step(-1),
  },
]);
