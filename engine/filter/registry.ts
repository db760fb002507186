/** All fields that a filter can name: of frames and networks, of every dissector, of calls and streams. */
import type { Dissector } from '../../dissectors/dissector.ts';
import { nearest } from '../../shared/nearest.ts';
import { entryFields } from './entry-fields.ts';
import { type Field, makeField } from './field.ts';
import { networkFields } from './network-fields.ts';

export class FieldRegistry {
  private readonly fields = new Map<string, Field>();
  /** Dissectors that do not say which fields they show: any name that begins with theirs may be one. */
  private readonly open: readonly string[];
  private sorted: Field[] | null = null;

  constructor(dissectors: readonly Dissector[]) {
    for (const field of [...networkFields, ...entryFields]) this.fields.set(field.id, field);
    for (const dissector of dissectors) {
      const whole = { id: dissector.id, label: dissector.label, type: 'protocol' as const };
      this.add(makeField(whole, dissector.id, { kind: 'dissector', dissector: dissector.id }));
    }
    for (const dissector of dissectors) {
      for (const field of dissector.fields ?? []) {
        const isStored = field.column !== undefined;
        const tree =
          field.type === 'protocol'
            ? { kind: 'dissector' as const, dissector: dissector.id }
            : { kind: 'tree' as const };
        const source = isStored ? { kind: 'rows' as const, dissector: dissector.id, field } : tree;
        // That there is a body of a dissector may be stored by several others: who looks for the dissector asks them all.
        const isBody = isStored && dissectors.some(({ id }) => id === field.id);
        if ((isStored && !isBody) || !this.fields.has(field.id))
          this.fields.set(field.id, makeField(field, ownerOf(dissector, field.id, dissectors), source));
      }
    }
    this.open = dissectors.filter(({ fields }) => fields === undefined).map(({ id }) => id);
  }

  private add(field: Field): void {
    if (!this.fields.has(field.id)) this.fields.set(field.id, field);
  }

  /** The field of a name, null where there is none. */
  find(id: string): Field | null {
    const field = this.fields.get(id);
    if (field !== undefined) return field;
    const owner = this.open.find((prefix) => id.startsWith(`${prefix}.`));
    if (owner === undefined) return null;
    return { ...makeField({ id, label: id, type: 'text' }, owner, { kind: 'tree' }), isUntyped: true };
  }

  /** The field a wrong name is most likely to mean, or null. */
  suggestion(id: string): string | null {
    const lower = id.toLowerCase();
    const all = [...this.fields.keys()];
    const sameLetters = all.find((name) => name.toLowerCase() === lower);
    if (sameLetters !== undefined) return sameLetters;
    const lowerNames = all.map((name) => name.toLowerCase());
    const near = nearest(lower, lowerNames);
    return near === null ? null : all[lowerNames.indexOf(near)];
  }

  /** All fields with a name of their own: protocols by how likely they are wanted, then by name. */
  list(): readonly Field[] {
    this.sorted ??= [...this.fields.values()].toSorted((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1));
    return this.sorted;
  }
}

/** What people ask for most. */
const LIKELY = ['sip', 'call', 'stream', 'rtp', 'rtcp', 'sdp', 'ip', 'udp', 'tcp', 'frame', 'ipv6', 'rtpevent'];

function rankOf({ id }: Field): number {
  const [first, ...rest] = id.split('.');
  const place = LIKELY.indexOf(first);
  // All protocols stand before any field of one.
  return (place < 0 ? LIKELY.length : place) + (rest.length > 0 ? 100 : 0);
}

/** A field may be another dissector's by its name: SIP stores that there is a body of SDP. */
function ownerOf(dissector: Dissector, id: string, dissectors: readonly Dissector[]): string {
  const first = id.split('.')[0];
  return dissectors.some((other) => other.id === first) ? first : dissector.id;
}

const registries = new WeakMap<readonly Dissector[], FieldRegistry>();

/** The registry of a list of dissectors; made once for each list. */
export function registryOf(dissectors: readonly Dissector[]): FieldRegistry {
  let registry = registries.get(dissectors);
  if (registry === undefined) registries.set(dissectors, (registry = new FieldRegistry(dissectors)));
  return registry;
}
