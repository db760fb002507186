/** The ways to Decode As from what is selected: menus, the palette. */
import type { FieldNode, StreamListRow } from '../../../shared/engine-api.ts';
import { ask } from '../../client/client.ts';
import { addCommands } from '../../model/commands.ts';
import { openCodecs, openDecodeAs } from '../../model/decode-as.ts';
import { getState, update } from '../../model/store.ts';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';
import { startOf } from './rule-form.ts';

/** Payload types of a stream that the menu names; the dialog has all. */
const MOST_TYPES = 4;

/** Begins a rule with the ends of a packet. */
async function fromPacket(packet: number): Promise<void> {
  const { nodes } = await ask('packet.get', { packet });
  const start = startOf(nodes);
  if (start === null) update({ notice: `Packet ${packet} has no UDP and no TCP header: no rule can be about it.` });
  else openDecodeAs(start);
}

function fromStream({ src, dst, ssrc }: Pick<StreamListRow, 'src' | 'dst' | 'ssrc'>): void {
  openDecodeAs({ transport: 'udp', source: src, destination: dst, ssrc });
}

export function packetEntries(packet: number): readonly MenuEntry[] {
  const run = (): void => {
    fromPacket(packet).catch(() => update({ notice: `Packet ${packet} could not be looked up.` }));
  };
  return [{ kind: 'item', label: 'Decode As…', run }];
}

export function streamEntries(row: StreamListRow): readonly MenuEntry[] {
  return [
    ...row.payloadTypes.slice(0, MOST_TYPES).map(
      (type): MenuEntry => ({
        kind: 'item',
        label: `Codec of payload type ${type}…`,
        run: () => openCodecs(row.id, type),
      }),
    ),
    { kind: 'item', label: 'Decode As…', run: () => fromStream(row) },
  ];
}

/** For the header of UDP or TCP, and what is in it; none for other fields. `nodes` is the packet's tree. */
export function fieldEntries(nodes: readonly FieldNode[], node: FieldNode): readonly MenuEntry[] {
  if (!/^(udp|tcp)(\.|$)/.test(node.name)) return [];
  const header = nodes.find((one) => one === node || one.children?.includes(node) === true);
  const start = header === undefined ? null : startOf(nodes, header);
  return start === null ? [] : [{ kind: 'item', label: 'Decode As…', run: () => openDecodeAs(start) }];
}

/** With a packet or a stream selected a rule begins with that; else the rules are shown. */
async function fromSelection(): Promise<void> {
  const { place, capture } = getState();
  const isOpen = capture.status === 'open';
  const { stream } = place;
  if (isOpen && place.packet !== null && place.detail === 'packet') await fromPacket(place.packet);
  else if (isOpen && stream !== null) fromStream(await ask('stream.get', { stream }));
  else openDecodeAs();
}

/** Gives the function that takes them away. */
export function addDecodeAsCommands(): () => void {
  const isReady = (): boolean => getState().capture.status !== 'reading';
  return addCommands([
    {
      id: 'decodeAs.open',
      title: 'Decode As…',
      keys: ['Ctrl+Shift+U'],
      group: 'File',
      isEnabled: isReady,
      run: () => void fromSelection().catch(() => openDecodeAs()),
    },
    {
      id: 'decodeAs.rules',
      title: 'Decode As: the rules in force',
      group: 'File',
      isEnabled: isReady,
      run: () => openDecodeAs(),
    },
    {
      id: 'codecs.open',
      title: 'Codec of a payload type…',
      group: 'File',
      isEnabled: isReady,
      run: () => openCodecs(getState().capture.status === 'open' ? getState().place.stream : null),
    },
  ]);
}
