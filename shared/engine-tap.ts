import { Channel, type Pipe } from './channel.ts';
import type { AudioPlan, EngineApi, EngineEvents, Exported } from './engine-api.ts';

/** A shell's place between a window and its engine. */
export interface EngineTap {
  /** For the window: the engine as if nobody stood between. */
  readonly window: Pipe;
  /** For the shell's own questions to the same engine. */
  readonly own: Channel<EngineApi, EngineEvents, Record<string, never>>;
  /** Octets of the WAV that `audio/<id>.wav` means; null where no plan of the window has that id. */
  wavBytes(id: string): number | null;
  /** What `export/<id>` means; null where nothing was exported under that id. Gives it once. */
  takeExport(id: string): Exported | null;
}

/** Plans and exports remembered; a window that makes more has forgotten the first itself. */
const REMEMBERED = 1000;

interface Envelope {
  readonly kind: string;
  readonly id?: number;
}

/**
 * Shares one engine between the window and its shell, and writes down what the window was told about audio and exports:
 * the shell serves those by URL and takes neither a path nor a length from the window. The shell's calls go under
 * negative ids, which the window cannot use.
 */
export function tapEngine(engine: Pipe): EngineTap {
  const toWindow = new Listeners();
  const toOwn = new Listeners();
  const asked = new Map<number, string>();
  const plans = new Map<string, number>();
  const exports = new Map<string, Exported>();

  engine.onMessage((message) => {
    if (!isEnvelope(message)) return;
    if (message.id !== undefined && message.id < 0) {
      toOwn.tell({ ...message, id: -message.id });
      return;
    }
    if (message.id !== undefined && (message.kind === 'result' || message.kind === 'error')) note(message, message.id);
    toWindow.tell(message);
  });

  function note(message: Envelope, id: number): void {
    const method = asked.get(id);
    if (method === undefined || !asked.delete(id) || message.kind === 'error') return;
    const { value } = message as unknown as { value: unknown };
    if (method === 'audio.plan') {
      const plan = value as AudioPlan;
      keep(plans, plan.id, plan.wavBytes);
    } else {
      const exported = value as Exported;
      keep(exports, exported.id, exported);
    }
  }

  function fromWindow(message: unknown): void {
    if (!isEnvelope(message) || (message.id !== undefined && !(message.id > 0))) return;
    if (message.kind === 'call' && message.id !== undefined) {
      const { method, params } = message as unknown as { method: unknown; params: unknown };
      if (method === 'audio.plan' || (method === 'export.write' && pathOf(params) === null)) {
        asked.set(message.id, method);
      }
    }
    engine.post(message);
  }

  return {
    window: {
      post: fromWindow,
      onMessage: (listener) => toWindow.add(listener),
      onClose: (listener) => engine.onClose(listener),
      close: () => engine.close(),
    },
    own: new Channel({
      post: (message) => {
        // The shell only calls: what it sends always has an id.
        const envelope = message as Envelope & { readonly id: number };
        engine.post({ ...envelope, id: -envelope.id });
      },
      onMessage: (listener) => toOwn.add(listener),
      onClose: (listener) => engine.onClose(listener),
      close: () => {},
    }),
    wavBytes: (id) => plans.get(id) ?? null,
    takeExport: (id) => {
      const exported = exports.get(id) ?? null;
      exports.delete(id);
      return exported;
    },
  };
}

function pathOf(params: unknown): unknown {
  return typeof params === 'object' && params !== null && 'path' in params ? params.path : undefined;
}

function isEnvelope(message: unknown): message is Envelope {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  return !('id' in message) || typeof message.id === 'number';
}

function keep<T>(map: Map<string, T>, id: string, value: T): void {
  map.set(id, value);
  if (map.size > REMEMBERED) map.delete(map.keys().next().value as string);
}

class Listeners {
  private readonly all = new Set<(message: unknown) => void>();

  add(listener: (message: unknown) => void): () => void {
    this.all.add(listener);
    return () => this.all.delete(listener);
  }

  tell(message: unknown): void {
    for (const listener of this.all) listener(message);
  }
}
