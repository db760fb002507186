/** The worked plugins on any octets: their dissectors keep to the contract as the built-in ones do, and never fail. */
import { join } from 'node:path';
import {
  describeToTree,
  dissectOnce,
  type FakeOptions,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../../dissectors/testing/fake-context.ts';
import { loadPlugins } from '../../engine/plugins/find-plugins.ts';
import { RunningPlugins } from '../../engine/plugins/running-plugins.ts';

const EXAMPLES = join(process.env.EARSHOT_ROOT ?? join(import.meta.dirname, '../..'), 'resources/plugins');
/** A whole message of each, which is then damaged. */
const SEEDS = [
  Buffer.from('41560101 00c0ffee 00000001 0004 45000014'.replaceAll(' ', ''), 'hex'),
  Buffer.from('564c4f47 01 04 03 000b'.replaceAll(' ', ''), 'hex'),
  Buffer.from('VLOG\u0001\u0002\u0003\u0000\u000bsbccall=1 text', 'latin1'),
];

let running: Promise<RunningPlugins> | null = null;

/** Gives `inputs` payloads to each dissector; `random` gives 0 ≤ x < 1. Rejects where one fails, or shows octets that are not there. */
export async function fuzzPlugins(random: () => number, inputs: number): Promise<void> {
  running ??= loadPlugins([EXAMPLES]).then((loaded) => RunningPlugins.start(loaded, []));
  const { dissectors, plugins, failures } = await running;
  if (failures.length > 0 || dissectors.length === 0) throw new Error(`plugins: ${JSON.stringify(failures)}`);
  for (let i = 0; i < inputs; i++) {
    const bytes = payload(random);
    const options: FakeOptions = { truncated: random() < 0.3, destinationPort: 24_242 };
    const fail = (what: string): never => {
      throw new Error(`plugins: ${what}: ${Buffer.from(bytes).toString('hex')} ${options.truncated}`);
    };
    for (const dissector of dissectors) {
      const { verdict, packets } = dissectOnce(dissector, bytes, options);
      if (packets.some(({ at, length }) => at + length > bytes.length)) fail('a packet outside the payload');
      summarizeOnce(dissector, bytes, options);
      const nodes = describeToTree(dissector, bytes, options);
      if (nodesOutside(nodes, bytes.length).length > 0) fail('a node outside the payload');
      if (verdict === 0 && uncoveredOctets(nodes, bytes.length).length > 0) fail('octets that are not shown');
    }
    const fault = plugins.find((plugin) => plugin.fault !== null)?.fault;
    if (fault !== undefined) fail(fault?.message ?? '');
  }
}

/** Ends the sandboxes. */
export async function endPlugins(): Promise<void> {
  (await running)?.close();
  running = null;
}

function payload(random: () => number): Uint8Array {
  const octet = (): number => Math.floor(random() * 256);
  if (random() < 0.2) return Uint8Array.from({ length: Math.floor(random() * 64) }, octet);
  const bytes = Uint8Array.from(SEEDS[Math.floor(random() * SEEDS.length)]);
  for (let i = Math.floor(random() * 4); i > 0; i--) bytes[Math.floor(random() * bytes.length)] = octet();
  return random() < 0.3 ? bytes.subarray(0, Math.floor(random() * (bytes.length + 1))) : bytes;
}
