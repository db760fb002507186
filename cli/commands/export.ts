import { PluginFailure } from '../../engine/plugins/running-plugin.ts';
import { placed } from '../../engine/plugins/running-plugins.ts';
import { isStandardOutput, writeAtomically } from '../../engine/sources/atomic-file.ts';
import type { Command, Session } from '../command.ts';
import { Exit, Failure } from '../failure.ts';
import { countOf } from '../format.ts';
import { checkOutput, outputFailure } from '../output-path.ts';
import { safeText } from '../safe-text.ts';

export const exportFile: Command = {
  name: 'export',
  summary: 'what an export of a plugin makes of the capture',
  options: ['export', 'output'],
  required: ['export', 'output', 'plugin'],
  check: ({ json, output }) =>
    json && isStandardOutput(output) ? '--json needs standard output for itself: name a file with -o' : null,
  examples: ['earshot export call.pcap --plugin plugins/ --export csv -o calls.csv'],
  prepare: (path, options) => checkOutput(options.output, path),
  run: async (session) => {
    const { options, page } = session;
    const octets = await made(session);
    try {
      await writeAtomically(options.output, (file) => file.write(octets));
    } catch (error) {
      throw outputFailure(error, options.output);
    }
    const done = { export: options.export, path: options.output, bytes: octets.length };
    if (options.json) await session.json({ export: [done] });
    else if (!isStandardOutput(options.output)) {
      await page.line(safeText(`${done.path}: ${countOf(done.bytes, 'octet')}`));
    }
  },
};

async function made({ capture, options, signal }: Session): Promise<Uint8Array> {
  const { plugins } = capture;
  try {
    const result = await plugins?.export(options.export, capture, signal);
    if (result != null) return result.octets;
  } catch (error) {
    if (error instanceof PluginFailure) throw new Failure(Exit.Unreadable, `${placed(error.error)}.`);
    throw error;
  }
  const known = plugins?.exports.map(({ id }) => id) ?? [];
  const hint = known.length === 0 ? 'they have none that works' : `there are ${known.join(', ')}`;
  throw new Failure(Exit.NotFound, `the plugins have no export "${options.export}"; ${hint}.`);
}
