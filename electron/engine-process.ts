/** The engine in a process of its own: what it does, however long, holds up neither the window nor the main process. */
import { configFolder } from '../desktop/config-folder.ts';
import { serveEngine } from '../engine/service/serve.ts';
import type { Pipe } from '../shared/channel.ts';

const temporaryFolder = process.argv[2];
if (temporaryFolder === undefined) throw new Error('the engine process wants a folder for temporary files');
const port = process.parentPort;
const pipe: Pipe = {
  post: (message) => port.postMessage(message),
  onMessage: (listener) => {
    const take = ({ data }: { data: unknown }): void => listener(data);
    port.on('message', take);
    return () => port.off('message', take);
  },
  // The process ends with its window.
  onClose: () => () => {},
  close: () => process.exit(0),
};
serveEngine(pipe, { temporaryFolder, dataFolder: configFolder() });
