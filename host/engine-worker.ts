/** Entry of the engine's thread: one for each window. */
import { parentPort, workerData } from 'node:worker_threads';
import { configFolder } from '../desktop/config-folder.ts';
import { serveEngine } from '../engine/service/serve.ts';
import { pipeToParent } from './worker-pipe.ts';

if (parentPort === null) throw new Error('the engine runs in a thread of the host');
const { temporaryFolder } = workerData as { temporaryFolder: string };
serveEngine(pipeToParent(parentPort), { temporaryFolder, dataFolder: configFolder() });
