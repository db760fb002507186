import { type Column, F64Column, U8Column, U16Column, U32Column } from './columns.ts';

/** What a column holds. `text` is the id of an interned string (see StringTable), 0 for none. */
export type ColumnKind = 'u8' | 'u16' | 'u32' | 'f64' | 'text';

/** The columns a table is made of, by name. */
export type ColumnSpec = Readonly<Record<string, ColumnKind>>;

/** Rows of equal shape, stored column by column. Row numbers count from 0 in the order they were added. */
export class Table<S extends ColumnSpec> {
  readonly spec: S;
  readonly columns: { readonly [K in keyof S]: Column };
  count = 0;

  constructor(spec: S) {
    this.spec = spec;
    // A copy whose values are then replaced: V8 looks an object's properties up by hash once it was given more than
    // some sixteen of them by computed names, and every access of the hot pass would cost that.
    const columns: Record<string, unknown> = { ...spec };
    for (const [name, kind] of Object.entries(spec)) columns[name] = makeColumn(kind);
    this.columns = columns as { readonly [K in keyof S]: Column };
  }

  /** Adds a row of zeros and gives its number. */
  add(): number {
    return this.count++;
  }

  /** Drops the rows from `count` on, so that they read as zeros when they are added again. */
  truncate(count: number): void {
    for (let row = count; row < this.count; row++) {
      for (const name in this.columns) this.columns[name].set(row, 0);
    }
    this.count = count;
  }

  /** Octets of memory the table holds. */
  get lengthBytes(): number {
    return Object.values<Column>(this.columns).reduce((sum, column) => sum + column.lengthBytes, 0);
  }
}

const COLUMN_CLASSES = { u8: U8Column, u16: U16Column, u32: U32Column, text: U32Column, f64: F64Column } as const;

function makeColumn(kind: ColumnKind): Column {
  return new COLUMN_CLASSES[kind]();
}
