/** What a tree shows, line by line. */

export interface TreeItem<Item> {
  /** Machine name; with its place among siblings of that name it makes the path. */
  readonly name: string;
  readonly children?: readonly Item[];
}

export interface TreeRow<Item> {
  readonly item: Item;
  /** Names from the root, `sip/sip.msg_hdr/sip.Route[1]`: the same field has the same path in another packet. */
  readonly path: string;
  /** From 0. */
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly isOpen: boolean;
  /** From 1, among `setSize` siblings. */
  readonly position: number;
  readonly setSize: number;
  /** Row of the parent; -1 at the root. */
  readonly parent: number;
}

/** The rows of a tree in order: children only of what `isOpen` says is open. */
export function flattenTree<Item extends TreeItem<Item>>(
  roots: readonly Item[],
  isOpen: (path: string, item: Item) => boolean,
): TreeRow<Item>[] {
  const rows: TreeRow<Item>[] = [];
  const walk = (items: readonly Item[], prefix: string, depth: number, parent: number): void => {
    const paths = pathsOf(items, prefix);
    items.forEach((item, index) => {
      const path = paths[index];
      const hasChildren = item.children !== undefined && item.children.length > 0;
      const open = hasChildren && isOpen(path, item);
      const place = { position: index + 1, setSize: items.length, parent };
      rows.push({ item, path, depth, hasChildren, isOpen: open, ...place });
      if (open && item.children !== undefined) walk(item.children, path, depth + 1, rows.length - 1);
    });
  };
  walk(roots, '', 0, -1);
  return rows;
}

/** Paths of siblings: the second of a name is `name[1]`. */
export function pathsOf<Item extends TreeItem<Item>>(items: readonly Item[], prefix: string): string[] {
  const seen = new Map<string, number>();
  return items.map(({ name }) => {
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    const own = count === 0 ? name : `${name}[${count}]`;
    return prefix === '' ? own : `${prefix}/${own}`;
  });
}

/** The item at a path and everything above it, root first; null where the tree has no such path. */
export function findByPath<Item extends TreeItem<Item>>(roots: readonly Item[], path: string): Item[] | null {
  const trail: Item[] = [];
  let items: readonly Item[] = roots;
  let prefix = '';
  while (prefix !== path) {
    const paths = pathsOf(items, prefix);
    const index = paths.findIndex((own) => own === path || path.startsWith(`${own}/`));
    if (index < 0) return null;
    trail.push(items[index]);
    prefix = paths[index];
    items = items[index].children ?? [];
  }
  return trail;
}

/** Paths above a path, root first: what has to be open for it to be seen. */
export function ancestorsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
