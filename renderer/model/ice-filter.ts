/** The display filter that picks the packets of an ICE session (`i2`) or a TURN allocation (`t1`). */
export function iceFilter(id: string): string {
  return `${id.startsWith('i') ? 'ice' : 'turn'}.id == ${id.slice(1)}`;
}
