import { builtIns } from '../../dissectors/index.ts';
import { Channel, type Pipe } from '../../shared/channel.ts';
import type { EngineApi, EngineEvents, WindowApi } from '../../shared/engine-api.ts';
import { audioHandlers } from './audio-handlers.ts';
import { readBlobOver } from './blob-source.ts';
import { captureHandlers } from './capture-handlers.ts';
import { compareHandlers } from './compare-handlers.ts';
import { decodeAsHandlers } from './decode-as-handlers.ts';
import { exportHandlers } from './export-handlers.ts';
import { iceHandlers } from './ice-handlers.ts';
import { pluginHandlers } from './plugin-handlers.ts';
import { qualityHandlers } from './quality-handlers.ts';
import { queryHandlers } from './query-handlers.ts';
import { secretsHandlers } from './secrets-handlers.ts';
import { CaptureSession } from './session.ts';

export interface EngineOptions {
  /** Private files are written here; whoever serves the window deletes it. */
  readonly temporaryFolder: string;
  /** What a person sets is kept here; where left out, only for as long as the window lives. */
  readonly dataFolder?: string;
}

/** Answers a window over a pipe until either side closes it: one capture at a time. */
export function serveEngine(pipe: Pipe, options: EngineOptions): { close(): Promise<void> } {
  const channel = new Channel<WindowApi, Record<string, never>, EngineEvents>(pipe);
  const session = new CaptureSession({
    dissectors: builtIns,
    dataFolder: options.dataFolder ?? null,
    blobReader: (signal) => readBlobOver(channel, signal),
  });
  channel.serve<EngineApi>({
    ...captureHandlers(session),
    ...queryHandlers(session),
    ...iceHandlers(session),
    ...qualityHandlers(session),
    ...compareHandlers(session),
    ...audioHandlers(session),
    ...exportHandlers(session, options),
    ...secretsHandlers(session),
    ...decodeAsHandlers(session),
    ...pluginHandlers(session),
  });
  rereadOnChange(session, channel);
  pipe.onClose(() => void end(session));
  return {
    close: async () => {
      channel.close();
      await end(session);
    },
  };
}

/** A plugin was saved by another program: the open capture is read again, and the window told. */
function rereadOnChange(
  session: CaptureSession,
  channel: Channel<WindowApi, Record<string, never>, EngineEvents>,
): void {
  let revision = 0;
  session.plugins?.watch(() => {
    const reread = session.reread({ signal: new AbortController().signal, progress: () => {} });
    void reread
      .catch(() => null)
      .then((result) => {
        channel.emit('plugins.changed', {});
        if (result !== null) channel.emit('capture.changed', { revision: ++revision });
      });
  });
}

async function end(session: CaptureSession): Promise<void> {
  session.plugins?.close();
  await session.close();
}
