import { describe, expect, it } from 'vitest';
import { ancestorsOf, findByPath, flattenTree } from './flatten.ts';
import { treeMove } from './tree-keys.ts';

interface Item {
  name: string;
  children?: Item[];
}
const leaf = (name: string): Item => ({ name });
const tree: Item[] = [
  { name: 'ip', children: [leaf('src'), leaf('dst')] },
  {
    name: 'sip',
    children: [
      { name: 'Route', children: [leaf('host')] },
      { name: 'Route', children: [leaf('host')] },
    ],
  },
  leaf('end'),
];
const paths = (open: string[]): string[] => flattenTree(tree, (path) => open.includes(path)).map(({ path }) => path);

describe('flattenTree', () => {
  it('shows children of what is open only', () => {
    expect(paths([])).toEqual(['ip', 'sip', 'end']);
    expect(paths(['sip'])).toEqual(['ip', 'sip', 'sip/Route', 'sip/Route[1]', 'end']);
    // Open below something closed is not seen.
    expect(paths(['sip/Route[1]'])).toEqual(['ip', 'sip', 'end']);
    expect(paths(['sip', 'sip/Route[1]'])).toContain('sip/Route[1]/host');
  });

  it('says depth, place among siblings and parent', () => {
    const rows = flattenTree(tree, () => true);
    expect(rows.map(({ depth }) => depth)).toEqual([0, 1, 1, 0, 1, 2, 1, 2, 0]);
    expect(rows[6]).toMatchObject({ path: 'sip/Route[1]', position: 2, setSize: 2, parent: 3, hasChildren: true });
    expect(rows[8]).toMatchObject({ position: 3, setSize: 3, parent: -1, hasChildren: false, isOpen: false });
  });
});

describe('findByPath', () => {
  it('gives the way from the root', () => {
    expect(findByPath(tree, 'sip/Route[1]/host')?.map(({ name }) => name)).toEqual(['sip', 'Route', 'host']);
    expect(findByPath(tree, 'sip/Route[1]')?.[1]).toBe(tree[1].children?.[1]);
  });
  it('gives null for what is not there', () => {
    expect(findByPath(tree, 'sip/Route[2]')).toBeNull();
    expect(findByPath(tree, 'si')).toBeNull();
    expect(findByPath(tree, 'end/x')).toBeNull();
  });
  it('names the paths above', () => {
    expect(ancestorsOf('a/b/c')).toEqual(['a', 'a/b']);
    expect(ancestorsOf('a')).toEqual([]);
  });
});

/** The table of the ARIA authoring practices' tree view pattern. */
describe('treeMove', () => {
  const rows = flattenTree(tree, (path) => path === 'sip');
  const at = (path: string): number => rows.findIndex((row) => row.path === path);
  const go = (key: string, from: string) => {
    const move = treeMove(key, rows, at(from), 2);
    return move === null ? null : `${move.kind} ${rows[move.row].path}`;
  };
  it('walks', () => {
    expect(go('ArrowDown', 'ip')).toBe('select sip');
    expect(go('ArrowUp', 'ip')).toBe('select ip');
    expect(go('ArrowDown', 'end')).toBe('select end');
    expect(go('Home', 'end')).toBe('select ip');
    expect(go('End', 'ip')).toBe('select end');
    expect(go('PageDown', 'ip')).toBe('select sip/Route');
    expect(treeMove('ArrowDown', rows, -1, 2)).toEqual({ kind: 'select', row: 0 });
  });
  it('right opens, then goes in; left closes, then goes out', () => {
    expect(go('ArrowRight', 'ip')).toBe('open ip');
    expect(go('ArrowRight', 'sip')).toBe('select sip/Route');
    expect(go('ArrowRight', 'end')).toBeNull();
    expect(go('ArrowLeft', 'sip')).toBe('close sip');
    expect(go('ArrowLeft', 'sip/Route')).toBe('select sip');
    expect(go('ArrowLeft', 'ip')).toBeNull();
  });
  it('Enter does what is left to do; the star opens what stands beside', () => {
    expect(go('Enter', 'ip')).toBe('open ip');
    expect(go('Enter', 'sip')).toBe('close sip');
    expect(go('*', 'ip')).toBe('open-siblings ip');
    expect(go('x', 'ip')).toBeNull();
    expect(treeMove('Home', [], -1, 2)).toBeNull();
  });
});
