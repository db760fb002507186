import {
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSWASMModule,
  newQuickJSWASMModuleFromVariant,
  newVariant,
} from 'quickjs-emscripten-core';
import variant from '@jitl/quickjs-singlefile-mjs-release-sync';
import { SCRIPT } from './protocol.ts';

const MEMORY_BYTES = 64 << 20;
/** The engine's whole memory in pages of 64 KiB, its own stack and data included: it counts small pieces short. */
const MEMORY_PAGES = { initial: 256, maximum: 1280 } as const;
const STACK_BYTES = 256 << 10;
const MESSAGE_CHARACTERS = 500;
const STACK_CHARACTERS = 4000;
/** The clock is looked at every 10,000 steps. On a busy machine it may run out on who has done next to nothing. */
const LEAST_TICKS = 20;
/** For putting an error into words: that may run the plugin's code too. */
const WORDS_MS = 50;

// Node has it; its types do not.
declare const WebAssembly: { readonly Memory: new (pages: typeof MEMORY_PAGES) => object };

/** What went wrong inside, in the sandbox's words. */
export class GuestFault extends Error {
  readonly guestStack: string;
  constructor(message: string, guestStack: string) {
    super(message);
    this.guestStack = guestStack;
  }
}

/**
 * A JavaScript engine of its own, compiled to WebAssembly: what runs in it has memory, arithmetic and what it is handed,
 * and nothing else. Whatever throws something other than a GuestFault has broken the engine.
 */
export class Sandbox {
  private readonly runtime: QuickJSRuntime;
  private readonly vm: QuickJSContext;
  private deadline = Infinity;
  private ticks = 0;
  private enterHandle: QuickJSHandle | null = null;

  static async create(ask: (question: string) => string): Promise<Sandbox> {
    const wasmMemory = new WebAssembly.Memory(MEMORY_PAGES);
    return new Sandbox(await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory })), ask);
  }

  private constructor(module: QuickJSWASMModule, ask: (question: string) => string) {
    this.runtime = module.newRuntime();
    this.runtime.setMemoryLimit(MEMORY_BYTES);
    this.runtime.setMaxStackSize(STACK_BYTES);
    this.runtime.setInterruptHandler(() => ++this.ticks > LEAST_TICKS && performance.now() > this.deadline);
    this.vm = this.runtime.newContext();
    const { vm } = this;
    vm.newFunction('ask', (question) => {
      const asked = performance.now();
      const answer = vm.newString(ask(vm.getString(question)));
      // The host's time is not the plugin's.
      this.deadline += performance.now() - asked;
      return answer;
    }).consume((handle) => vm.setProp(vm.global, 'ask', handle));
  }

  /** Evaluates the runtime, then the plugin. Throws a GuestFault. */
  load(runtime: string, code: string, deadlineMs: number): void {
    this.within(deadlineMs, () => {
      const { vm } = this;
      this.take(vm.evalCode(runtime, 'earshot')).dispose();
      this.enterHandle = vm.getProp(vm.global, 'enter');
      vm.setProp(vm.global, 'enter', vm.undefined);
      this.take(vm.evalCode(code, SCRIPT)).dispose();
    });
  }

  /** Has the guest do something; gives its text. Throws a GuestFault. */
  enter(name: string, input: string, octets: Uint8Array | null, deadlineMs: number): string {
    return this.within(deadlineMs, () => this.call(name, input, octets).consume((handle) => this.vm.getString(handle)));
  }

  /** The octets that the last export made. Throws a GuestFault. */
  octets(deadlineMs: number): Uint8Array {
    return this.within(deadlineMs, () =>
      this.call('bytes', '', null).consume((handle) =>
        this.vm.getArrayBuffer(handle).consume(({ value }) => value.slice()),
      ),
    );
  }

  private call(name: string, input: string, octets: Uint8Array | null): QuickJSHandle {
    const { vm, enterHandle } = this;
    if (enterHandle === null) throw new GuestFault('the plugin was not loaded', '');
    const handles = [vm.newString(name), vm.newString(input)];
    if (octets !== null) handles.push(vm.newArrayBuffer(octets.slice().buffer));
    try {
      return this.take(vm.callFunction(enterHandle, vm.undefined, ...handles));
    } finally {
      for (const handle of handles) handle.dispose();
    }
  }

  private within<T>(deadlineMs: number, work: () => T): T {
    this.deadline = performance.now() + deadlineMs;
    this.ticks = 0;
    try {
      return work();
    } finally {
      this.deadline = Infinity;
    }
  }

  private take(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (result.error === undefined) return result.value;
    this.deadline = performance.now() + WORDS_MS;
    throw result.error.consume((handle) => this.faultOf(handle));
  }

  private faultOf(handle: QuickJSHandle): GuestFault {
    const { vm } = this;
    const part = (name: string): string => {
      try {
        return vm.getProp(handle, name).consume((value) => (vm.typeof(value) === 'string' ? vm.getString(value) : ''));
      } catch {
        return '';
      }
    };
    if (vm.typeof(handle) !== 'object') return new GuestFault(this.wordsFor(handle), '');
    const message = [part('name'), part('message')].filter((text) => text !== '').join(': ');
    return new GuestFault(message.slice(0, MESSAGE_CHARACTERS), part('stack').slice(0, STACK_CHARACTERS));
  }

  private wordsFor(handle: QuickJSHandle): string {
    try {
      return `threw ${this.vm.getString(handle)}`.slice(0, MESSAGE_CHARACTERS);
    } catch {
      return 'threw something that is no error';
    }
  }
}
