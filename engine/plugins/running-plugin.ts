import type { PluginError } from '../../shared/plugins.ts';
import type { CompiledPlugin } from './compile.ts';
import { checkDeclaration, DeclarationError } from './declaration.ts';
import { GuestThread, type Reply } from './guest-thread.ts';
import type { Declared } from './messages.ts';

/** How long one call may take. */
const DEADLINES_MS = { load: 1000, packet: 200, whole: 2000 } as const;
/** Faults that are one too many: the plugin is off for the rest of the capture. */
const MOST_FAULTS = 3;
/** Time that dissecting a capture may take in the plugin: this, and so much for each payload. */
const BUDGET_MS = 10_000;
const BUDGET_MS_PER_CALL = 2;

/** A call failed: the sandbox's words, at their place in the source. */
export class PluginFailure extends Error {
  readonly error: PluginError;
  constructor(error: PluginError) {
    super(error.message);
    this.error = error;
  }
}

/** A plugin at work on one capture, and what went wrong with it. */
export class RunningPlugin {
  readonly compiled: CompiledPlugin;
  readonly declared: Declared;
  /** The first fault, and how many there were. */
  fault: PluginError | null = null;
  faults = 0;
  /** Its dissectors are not asked any more. */
  isOff = false;
  private readonly thread: GuestThread;
  private usedMs = 0;
  private calls = 0;

  /** Starts the sandbox. Rejects with a PluginFailure where the plugin does not evaluate, or is not what it should be. */
  static async start(compiled: CompiledPlugin, taken: readonly string[]): Promise<RunningPlugin> {
    const thread = await GuestThread.start();
    try {
      const loaded = await thread.load(compiled.code, DEADLINES_MS.load);
      if (loaded.kind === 'fault') throw failureOf(compiled, loaded, '');
      const declared = await thread.ask('declare', 'null', DEADLINES_MS.load, noAnswer);
      if (declared.kind === 'fault') throw failureOf(compiled, declared, '');
      return new RunningPlugin(compiled, checkDeclaration(declared.text, taken), thread);
    } catch (error) {
      thread.close();
      if (error instanceof PluginFailure) throw error;
      const message =
        error instanceof DeclarationError ? error.message : 'What the plugin declares cannot be understood.';
      throw new PluginFailure({ message, file: compiled.file, line: null, column: null });
    }
  }

  private constructor(compiled: CompiledPlugin, declared: Declared, thread: GuestThread) {
    this.compiled = compiled;
    this.declared = declared;
    this.thread = thread;
  }

  /** A call of the hot pass: waits for it. null where it failed, or the plugin is off; nothing is thrown. */
  ofPacket(name: string, input: unknown, octets: Uint8Array): unknown {
    if (this.isOff) return null;
    const start = performance.now();
    try {
      return this.enter(name, input, octets);
    } catch (error) {
      if (!(error instanceof PluginFailure)) throw error;
      return null;
    } finally {
      this.calls++;
      this.usedMs += performance.now() - start;
      this.checkBudget();
    }
  }

  /** A call of the cold pass: waits for it. Throws a PluginFailure. */
  enter(name: string, input: unknown, octets: Uint8Array): unknown {
    const reply = this.thread.enter(name, JSON.stringify(input), octets, DEADLINES_MS.packet);
    return this.valueOf(reply, name);
  }

  /** A check or an export. Rejects with a PluginFailure. */
  async whole(
    name: 'check' | 'export',
    index: number,
    answer: (question: string) => Promise<string>,
  ): Promise<{ readonly value: unknown; readonly octets: Uint8Array | null }> {
    const reply = await this.thread.ask(name, String(index), DEADLINES_MS.whole, answer);
    return { value: this.valueOf(reply, name), octets: reply.kind === 'done' ? reply.octets : null };
  }

  /** Writes a fault down that shows in what a call gave. */
  blame(error: PluginError): void {
    this.fault ??= error;
    if (++this.faults >= MOST_FAULTS) this.isOff = true;
  }

  /** A fault where nothing is known but words. */
  failure(message: string): PluginFailure {
    return new PluginFailure({ message, file: this.compiled.file, line: null, column: null });
  }

  close(): void {
    this.isOff = true;
    this.thread.close();
  }

  private valueOf(reply: Reply, name: string): unknown {
    if (reply.kind === 'done') {
      try {
        return JSON.parse(reply.text);
      } catch {
        return undefined;
      }
    }
    const failure = failureOf(this.compiled, reply, name);
    this.blame(failure.error);
    if (reply.isLost) this.isOff = true;
    throw failure;
  }

  private checkBudget(): void {
    if (this.isOff || this.usedMs < BUDGET_MS + this.calls * BUDGET_MS_PER_CALL) return;
    const mean = (this.usedMs / this.calls).toFixed(1);
    this.fault ??= this.failure(`took ${mean} ms a payload, ${this.calls} times, which is too long`).error;
    this.faults++;
    this.isOff = true;
  }
}

function failureOf(compiled: CompiledPlugin, reply: Extract<Reply, { kind: 'fault' }>, name: string): PluginFailure {
  const words = reply.message.replace(/^InternalError: interrupted$/, 'took too long and was interrupted');
  return new PluginFailure(compiled.place(name === '' ? words : `${name}: ${words}`, reply.stack));
}

async function noAnswer(): Promise<string> {
  return '{"error":"the capture can be asked for in a check or an export only"}';
}
