/** A plugin's thread: serves one sandbox, a message at a time. The host may end the thread at any moment. */
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { awaitBell, Bell, type ThreadData, type ToHost, type ToThread } from './protocol.ts';
import { GuestFault, Sandbox } from './sandbox.ts';

const { bells, port: given } = workerData as ThreadData;
const port = given as MessagePort;

void serve();

async function serve(): Promise<void> {
  const sandbox = await Sandbox.create(ask);
  say({ kind: 'ready' });
  for (;;) {
    const reply = replyTo(sandbox, next());
    say(reply);
    if (reply.kind === 'fault' && reply.isLost) break;
  }
  port.close();
}

function replyTo(sandbox: Sandbox, message: ToThread): ToHost {
  try {
    switch (message.kind) {
      case 'load':
        sandbox.load(message.runtime, message.code, message.deadlineMs);
        return { kind: 'done', text: '', octets: null };
      case 'enter': {
        const { name, input, octets, deadlineMs } = message;
        const text = sandbox.enter(name, input, octets, deadlineMs);
        return { kind: 'done', text, octets: name === 'export' ? sandbox.octets(deadlineMs) : null };
      }
      case 'answer':
        return { kind: 'fault', message: 'an answer to no question', stack: '', isLost: true };
    }
  } catch (error) {
    if (error instanceof GuestFault) {
      return { kind: 'fault', message: error.message, stack: error.guestStack, isLost: false };
    }
    // The engine gave up in the middle of something: its own stack is used up, or its memory.
    return { kind: 'fault', message: 'used up the stack or the memory', stack: '', isLost: true };
  }
}

function ask(question: string): string {
  say({ kind: 'ask', text: question });
  const message = next();
  return message.kind === 'answer' ? message.text : '{"error":"there is no answer"}';
}

function next(): ToThread {
  for (;;) {
    const seen = Atomics.load(bells, Bell.toThread);
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message as ToThread;
    awaitBell(bells, Bell.toThread, seen, Infinity);
  }
}

function say(message: ToHost): void {
  port.postMessage(message);
  Atomics.add(bells, Bell.toHost, 1);
  Atomics.notify(bells, Bell.toHost);
}
