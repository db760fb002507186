/** What can be done by menu, palette and keyboard. Parts of the window add theirs and take them away again. */
export interface Command {
  /** `capture.open`; menus of the shell name it too. */
  readonly id: string;
  /** As the palette shows it. */
  readonly title: string;
  /** `Ctrl+O`, `j`, `[`, `Space`; Ctrl is ⌘ on a Mac. */
  readonly keys?: readonly string[];
  /** Groups of the shortcut sheet. */
  readonly group: 'File' | 'Go' | 'View' | 'Ladder' | 'Player' | 'Rows' | 'Help';
  readonly isEnabled?: () => boolean;
  readonly run: () => void;
}

const commands = new Map<string, Command>();

/** Adds commands; gives the function that takes them away. A later one with the same id stands in for the earlier. */
export function addCommands(list: readonly Command[]): () => void {
  for (const command of list) commands.set(command.id, command);
  return () => {
    for (const command of list) if (commands.get(command.id) === command) commands.delete(command.id);
  };
}

export function allCommands(): Command[] {
  return [...commands.values()];
}

/** Runs a command; false where there is none or it cannot run now. */
export function runCommand(id: string): boolean {
  const command = commands.get(id);
  if (command === undefined || command.isEnabled?.() === false) return false;
  command.run();
  return true;
}
