import { useEffect } from 'react';
import type { RowsQuery } from '../../shared/engine-api.ts';
import { ask } from '../client/client.ts';
import { iceFilter } from '../model/ice-filter.ts';
import { addCommands } from '../model/commands.ts';
import { move } from '../model/navigate.ts';
import type { Place } from '../model/place.ts';
import { getState } from '../model/store.ts';

/** The packets a person is walking through: those of the call or stream at hand, else those the filter lets through. */
export function packetsAtHand({ view, filter, call, stream, ice }: Place): RowsQuery {
  const query = { table: 'packets' as const, sort: null };
  if (view === 'packets' || view === 'plugins') return { ...query, filter };
  if (view === 'ice' && ice !== null) return { ...query, filter: iceFilter(ice) };
  if (view === 'streams' && stream !== null) return { ...query, filter: '', stream };
  return { ...query, filter: '', ...(call === null ? {} : { call }) };
}

/** Selects the packet before (-1) or after (1) the one at hand; the first where none is. */
async function stepPacket(direction: -1 | 1): Promise<void> {
  const { place } = getState();
  const query = packetsAtHand(place);
  const at = place.packet === null ? -direction : await ask('rows.place', { query, id: place.packet });
  if (at < 0 && place.packet !== null) return stepByNumber(place.packet + direction);
  const from = Math.max(0, at + direction);
  if (from === at) return;
  const { rows } = await ask('rows.page', { query, from, count: 1 });
  const row = rows[0];
  // Somebody may have gone elsewhere in the meantime.
  if (row !== undefined && 'packet' in row && getState().place.packet === place.packet) move({ packet: row.packet });
}

function stepByNumber(packet: number): void {
  const last = getState().counts?.packets ?? Number.POSITIVE_INFINITY;
  if (packet >= 1 && packet <= last) move({ packet });
}

/** Selects the packet before or after; nothing happens where it cannot be found. */
export function step(direction: -1 | 1): void {
  stepPacket(direction).catch(() => {});
}

let users = 0;
let removeCommands = (): void => {};

/** The commands that walk through packets, as long as any pane of the packet at hand is there. */
export function usePacketCommands(): void {
  useEffect(() => {
    if (users++ === 0) {
      removeCommands = addCommands([
        { id: 'packet.previous', title: 'Previous packet', keys: ['Alt+ArrowUp'], group: 'Rows', run: () => step(-1) },
        { id: 'packet.next', title: 'Next packet', keys: ['Alt+ArrowDown'], group: 'Rows', run: () => step(1) },
      ]);
    }
    return () => {
      if (--users === 0) removeCommands();
    };
  }, []);
}
