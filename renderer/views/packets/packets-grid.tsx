import { useMemo } from 'react';
import type { PacketListRow } from '../../../shared/engine-api.ts';
import { ask } from '../../client/client.ts';
import { go } from '../../model/navigate.ts';
import { newPluginFromPacket } from '../../model/plugins.ts';
import { getState, update, useApp } from '../../model/store.ts';
import { Grid } from '../../widgets/grid/grid.tsx';
import { numbersFilter } from '../../widgets/grid/filter-text.ts';
import { EmptyRows, narrowFilter, useRows, useShown, useTimeContext, walkTo } from '../../widgets/grid/view-hooks.tsx';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';
import { packetEntries } from '../decode-as/open-decode-as.ts';
import { packetColumns } from './packet-columns.ts';

const idOf = ({ packet }: PacketListRow): number => packet;
const filterOf = (rows: readonly PacketListRow[]): string | null =>
  numbersFilter(
    'frame.number',
    rows.map(({ packet }) => packet),
  );
const onFilter = (condition: string, isNegated: boolean): void => narrowFilter(condition, isNegated, 'packets');

/** The packets of the capture, or of one call or stream. */
export function PacketsGrid({ call, stream }: { call: string | null; stream: string | null }) {
  const selected = useApp((state) => state.place.packet);
  const isPart = call !== null || stream !== null;
  const grid = isPart ? 'call-packets' : 'packets';
  // Beside the plugins stand the same packets.
  const view = useApp(({ place }) => (place.view === 'plugins' ? 'plugins' : 'packets'));
  const { source, filter, isMain, canSort } = useRows('packets', { grid, view, call, stream });
  const onStatus = useShown('packets', isMain);
  const times = useTimeContext();
  const columns = useMemo(() => packetColumns(times), [times]);
  return (
    <Grid<PacketListRow>
      id={grid}
      label={isPart ? 'Packets of the call' : 'Packets'}
      columns={columns}
      source={source}
      idOf={idOf}
      selected={selected}
      canSort={canSort}
      onSelect={select}
      onStatus={onStatus}
      filterOf={filterOf}
      onFilter={onFilter}
      rowMenu={rowMenu}
      empty={
        <EmptyRows what="packet" filter={filter}>
          <h2>{isPart ? 'No packet belongs to it.' : 'The capture holds no packets.'}</h2>
          <p>{isPart ? 'All packets are in the packets view.' : 'Its header is sound; nothing was captured.'}</p>
          {isPart && (
            <button type="button" className="btn" onClick={() => go({ view: 'packets' })}>
              Show all packets
            </button>
          )}
        </EmptyRows>
      }
    />
  );
}

function select({ packet }: PacketListRow): void {
  const { detail } = getState().place;
  walkTo({ packet, detail: detail === 'stream' ? 'packet' : detail });
}

/** The call or stream a packet belongs to is known only where somebody asks. */
async function showWhereItBelongs(packet: number): Promise<void> {
  const { call, stream } = await ask('packet.get', { packet });
  if (call !== null) go({ view: 'calls', call, stream, packet, lower: 'ladder' });
  else if (stream !== null) go({ view: 'streams', stream, packet, detail: 'stream' });
  else update({ notice: `Packet ${packet} belongs to no call and no stream.` });
}

function rowMenu({ packet }: PacketListRow): readonly MenuEntry[] {
  const show = (): void => {
    showWhereItBelongs(packet).catch(() => update({ notice: `Packet ${packet} could not be looked up.` }));
  };
  const newDissector: MenuEntry = {
    kind: 'item',
    label: 'New dissector from this packet',
    run: () => newPluginFromPacket(packet),
  };
  return [{ kind: 'item', label: 'Show its call or stream', run: show }, ...packetEntries(packet), newDissector];
}
