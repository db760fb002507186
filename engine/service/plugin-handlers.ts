import { join } from 'node:path';
import type { Handlers } from '../../shared/channel.ts';
import type { EngineApi } from '../../shared/engine-api.ts';
import type { PluginChange, PluginList } from '../../shared/plugins.ts';
import { packetPayload } from '../plugins/packet-payload.ts';
import { FileNameError, type PluginFolder } from '../plugins/plugin-folder.ts';
import { newPlugin } from '../plugins/plugin-templates.ts';
import { tryPlugin } from '../plugins/plugin-trial.ts';
import { reasonOf } from '../sources/system-reason.ts';
import { CodedError } from './coded-error.ts';
import type { CaptureSession, OpenCallbacks } from './session.ts';

type PluginMethod = Extract<keyof EngineApi, `plugins.${string}`>;

const MOST_TEXT = 1 << 20;

/** The plugins of a person: listed, written, tried; the open capture is read again with what changed. */
export function pluginHandlers(session: CaptureSession): Handlers<Pick<EngineApi, PluginMethod>> {
  const { plugins } = session;

  const change = async (
    callbacks: OpenCallbacks,
    what: (folder: PluginFolder) => Promise<void>,
  ): Promise<PluginChange> => {
    await inFolder(plugins, what);
    const reread = await session.reread(callbacks);
    return { plugins: await pluginList(session), reread };
  };
  const payloadOf = (packet: number | null, range: { at: number; length: number } | null) =>
    packet === null || !session.hasCapture ? null : packetPayload(session.capture(), packet, range);

  return {
    'plugins.list': () => pluginList(session),
    'plugins.source': async ({ file }) => ({ text: await inFolder(plugins, (folder) => folder.source(file)) }),
    'plugins.save': ({ file, text }, callbacks) => change(callbacks, (folder) => folder.save(file, checkedText(text))),
    'plugins.remove': ({ file }, callbacks) => change(callbacks, (folder) => folder.remove(file)),
    'plugins.enable': ({ file, isOn }, callbacks) => change(callbacks, (folder) => folder.switch(file, isOn)),
    'plugins.draft': async ({ template, packet, range = null }) => {
      const { name, text } = newPlugin(template, await payloadOf(packet, range));
      return { file: await inFolder(plugins, (folder) => folder.freeName(name)), text };
    },
    'plugins.try': async ({ file, text, packet, range = null }, { signal }) => {
      const isWhole = session.hasCapture && session.opened().index?.isWhole === true;
      return tryPlugin(join(plugins?.folder ?? '', file), checkedText(text), {
        payload: await payloadOf(packet, range),
        capture: isWhole ? session.capture() : null,
        builtIns: session.builtIns,
        signal,
      });
    },
  };
}

async function pluginList(session: CaptureSession): Promise<PluginList> {
  const { plugins } = session;
  if (plugins === null) return { folder: null, plugins: [] };
  const running = session.hasCapture ? session.capture().plugins : null;
  return { folder: plugins.folder, plugins: await plugins.rows(running) };
}

/** Does something with the folder; what fails is told with a code. */
async function inFolder<T>(plugins: PluginFolder | null, what: (folder: PluginFolder) => Promise<T>): Promise<T> {
  if (plugins === null) throw new CodedError('no-folder', 'There is no folder for plugins here.');
  try {
    return await what(plugins);
  } catch (error) {
    if (error instanceof FileNameError) throw new CodedError('bad-name', error.message);
    if (error instanceof Error && 'code' in error) {
      throw new CodedError(String(error.code), `The plugin could not be read or written: ${reasonOf(error)}.`);
    }
    throw error;
  }
}

/** What comes over the channel need not be what its type says. */
function checkedText(text: string): string {
  if (typeof text !== 'string' || text.length > MOST_TEXT) {
    throw new CodedError('bad-request', 'A plugin is a text of up to a million characters.');
  }
  return text;
}
