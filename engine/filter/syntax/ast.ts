/** What a display filter says, before anybody knows what its fields are. Places are UTF-16 units of the text. */

export interface Place {
  readonly at: number;
  readonly length: number;
}

/** A value as written: a word (number, address, unquoted text) or quoted text with its escapes undone. */
export interface Literal extends Place {
  readonly kind: 'word' | 'string';
  readonly text: string;
}

export type Operator = '==' | '!=' | '===' | '~=' | '>' | '<' | '>=' | '<=' | 'contains' | 'matches' | 'in';

/** A single value where `to` is null. */
export interface Range {
  readonly from: Literal;
  readonly to: Literal | null;
}

export interface TestNode extends Place {
  readonly kind: 'test';
  readonly field: Literal;
  /** Whether some or every value of the field has to pass; null leaves it to the operator. */
  readonly quantifier: 'any' | 'all' | null;
  /** Bits that are looked at (`tcp.flags & 2`). */
  readonly mask: Literal | null;
  /** null: the field has to be there; with a mask, some of its bits. */
  readonly operator: Operator | null;
  /** One value, for `in` any number of values and ranges, none without operator. */
  readonly values: readonly Range[];
  /** `not in`. */
  readonly isNegated: boolean;
}

export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly part: FilterNode }
  | TestNode;

/** A filter that cannot be read, in a sentence without its full stop. */
export interface SyntaxFault extends Place {
  readonly message: string;
  /** The test whose value is missing: who knows its field can say which. */
  readonly missingValueOf?: string;
}
