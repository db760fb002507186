import { builtIns } from '../../dissectors/index.ts';
import { Channel, type Pipe } from '../../shared/channel.ts';
import type { EngineApi, EngineEvents, WindowApi } from '../../shared/engine-api.ts';
import { audioHandlers } from './audio-handlers.ts';
import { readBlobOver } from './blob-source.ts';
import { captureHandlers } from './capture-handlers.ts';
import { exportHandlers } from './export-handlers.ts';
import { iceHandlers } from './ice-handlers.ts';
import { queryHandlers } from './query-handlers.ts';
import { secretsHandlers } from './secrets-handlers.ts';
import { CaptureSession } from './session.ts';

export interface EngineOptions {
  /** Private files are written here; whoever serves the window deletes it. */
  readonly temporaryFolder: string;
}

/** Answers a window over a pipe until either side closes it: one capture at a time. */
export function serveEngine(pipe: Pipe, options: EngineOptions): { close(): Promise<void> } {
  const channel = new Channel<WindowApi, Record<string, never>, EngineEvents>(pipe);
  const session = new CaptureSession({
    dissectors: builtIns,
    blobReader: (signal) => readBlobOver(channel, signal),
  });
  channel.serve<EngineApi>({
    ...captureHandlers(session),
    ...queryHandlers(session),
    ...iceHandlers(session),
    ...audioHandlers(session),
    ...exportHandlers(session, options),
    ...secretsHandlers(session),
  });
  pipe.onClose(() => void session.close());
  return {
    close: async () => {
      channel.close();
      await session.close();
    },
  };
}
