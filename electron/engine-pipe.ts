import { join } from 'node:path';
import { utilityProcess } from 'electron';
import type { Pipe } from '../shared/channel.ts';

/** Starts an engine process and gives the way to it; closing the pipe ends the process. */
export function startEngine(temporaryFolder: string): Pipe {
  const child = utilityProcess.fork(join(__dirname, 'engine-process.cjs'), [temporaryFolder], {
    serviceName: 'Earshot engine',
  });
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => {
      child.on('message', listener);
      return () => child.off('message', listener);
    },
    onClose: (listener) => {
      child.on('exit', listener);
      return () => child.off('exit', listener);
    },
    close: () => child.kill(),
  };
}
