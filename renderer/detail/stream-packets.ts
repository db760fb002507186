import type { StreamPacketRow } from '../../shared/engine-api.ts';
import { ask } from '../client/client.ts';
import type { RowSource } from '../widgets/grid/row-source.ts';
import { nearestIndex } from './chart-data.ts';

async function rowAt(stream: string, from: number, signal?: AbortSignal): Promise<StreamPacketRow | undefined> {
  const options = signal === undefined ? {} : { signal };
  return (await ask('stream.packets', { stream, from, count: 1 }, options)).rows[0];
}

async function countOf(stream: string, signal?: AbortSignal): Promise<number> {
  const options = signal === undefined ? {} : { signal };
  return (await ask('stream.packets', { stream, from: 0, count: 1 }, options)).total;
}

/** The packets of a stream as the grid asks for them. */
export function streamPacketSource(stream: string): RowSource<StreamPacketRow> {
  return {
    key: `stream ${stream}`,
    page: async (from, count, signal) => {
      const { total, rows } = await ask('stream.packets', { stream, from, count }, { signal });
      return { total, unfiltered: total, rows, isGrowing: false };
    },
    place: async (id, signal) => {
      const packetAt = async (index: number): Promise<number> =>
        (await rowAt(stream, index, signal))?.packet ?? Infinity;
      const index = await nearestIndex(await countOf(stream, signal), packetAt, Number(id));
      return index >= 0 && (await packetAt(index)) === Number(id) ? index : -1;
    },
  };
}

/** The packet of a stream nearest to a time (seconds since the epoch); null where it has none. */
export async function packetNear(stream: string, time: number): Promise<number | null> {
  const timeAt = async (index: number): Promise<number> => (await rowAt(stream, index))?.time ?? Infinity;
  const index = await nearestIndex(await countOf(stream), timeAt, time);
  return index < 0 ? null : ((await rowAt(stream, index))?.packet ?? null);
}
