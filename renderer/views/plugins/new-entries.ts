import { newPlugin, newPluginFrom } from '../../model/plugins.ts';
import { update } from '../../model/store.ts';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';

/** The worked examples, as they are offered. */
export const EXAMPLES = [
  { file: 'vpn-rtp.ts', what: 'A dissector', text: 'Calls inside a VPN of your own: hands on what it carries.' },
  { file: 'vendor-log.ts', what: 'A dissector and an export', text: 'A vendor’s log lines, each field filterable.' },
  { file: 'flag-header.ts', what: 'A check', text: 'Calls whose INVITE lacks a header, or names unsound software.' },
] as const;

/** Begins a plugin with the text of an example. */
export async function newFromExample(file: (typeof EXAMPLES)[number]['file']): Promise<void> {
  try {
    const { EXAMPLE_TEXTS } = await import('./examples.ts');
    newPluginFrom(file, EXAMPLE_TEXTS[file]);
  } catch {
    update({ notice: 'The example could not be loaded.' });
  }
}

/** What a new plugin can begin with. */
export function newEntries(packet: number | null): MenuEntry[] {
  return [
    { kind: 'item', label: 'Dissector', run: () => newPlugin('dissector') },
    {
      kind: 'item',
      label: 'Dissector from this packet',
      detail: packet === null ? 'select a packet' : `#${packet}`,
      isDisabled: packet === null,
      run: () => newPlugin('dissector', packet),
    },
    { kind: 'item', label: 'Check', run: () => newPlugin('check') },
    { kind: 'item', label: 'Export', run: () => newPlugin('export') },
    { kind: 'separator' },
    { kind: 'heading', label: 'From an example' },
    ...EXAMPLES.map(
      ({ file, what }): MenuEntry => ({
        kind: 'item',
        label: file,
        detail: what,
        run: () => void newFromExample(file),
      }),
    ),
  ];
}
