import type { MessagePort, Worker } from 'node:worker_threads';
import type { Pipe } from '../shared/channel.ts';

/** The pipe to a thread, from outside. Closing it ends the thread, whatever it is doing. */
export function pipeToWorker(worker: Worker): Pipe {
  return pipeOf(
    (message) => worker.postMessage(message, []),
    (listener) => worker.on('message', listener),
    (listener) => worker.once('exit', listener),
    () => void worker.terminate(),
  );
}

/** The same pipe from inside the thread. */
export function pipeToParent(port: MessagePort): Pipe {
  return pipeOf(
    (message) => port.postMessage(message, []),
    (listener) => port.on('message', listener),
    (listener) => port.once('close', listener),
    () => port.close(),
  );
}

function pipeOf(
  post: (message: unknown) => void,
  hear: (listener: (message: unknown) => void) => void,
  hearEnd: (listener: () => void) => void,
  close: () => void,
): Pipe {
  const listeners = new Set<(message: unknown) => void>();
  const closers = new Set<() => void>();
  const early: unknown[] = [];
  hear((message) => {
    if (listeners.size === 0) early.push(message);
    for (const listener of listeners) listener(message);
  });
  hearEnd(() => {
    for (const closer of closers) closer();
  });
  return {
    post,
    onMessage: (listener) => {
      listeners.add(listener);
      for (const message of early.splice(0)) listener(message);
      return () => listeners.delete(listener);
    },
    onClose: (listener) => {
      closers.add(listener);
      return () => closers.delete(listener);
    },
    close,
  };
}
