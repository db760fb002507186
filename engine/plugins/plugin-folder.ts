import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PluginError, PluginRow } from '../../shared/plugins.ts';
import { writeAtomically } from '../sources/atomic-file.ts';
import { type Compilation, compilePlugin, MOST_SOURCE_BYTES } from './compile.ts';
import { isPluginFile, type LoadedPlugins, pluginFiles, readSource, unreadable } from './find-plugins.ts';
import type { Declared } from './messages.ts';
import { PluginFailure, RunningPlugin } from './running-plugin.ts';
import type { RunningPlugins } from './running-plugins.ts';

/** Names of plugins that a person switched off, a JSON list. */
const OFF_FILE = '.off.json';
/** An editor writes a file in several steps. */
const SETTLE_MS = 250;

/** A plugin of the folder as it is now. */
interface Held {
  readonly file: string;
  readonly text: string | null;
  readonly compilation: Compilation;
}

/** A name that is none of a file in the folder. */
export class FileNameError extends Error {}

/** The folder where a person keeps plugins: read, compiled, written, watched. Compiles a text once. */
export class PluginFolder {
  readonly folder: string;
  private held = new Map<string, Held>();
  /** What plugins declare, by their compiled text: to list them none needs to run. */
  private readonly declared = new WeakMap<Compilation, Declared | PluginError>();
  private watcher: FSWatcher | null = null;
  private timer: NodeJS.Timeout | undefined;
  private onChange: () => void = () => {};
  /** What `loaded` gave last, to tell whether a change is one. */
  private lastState = '';

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Plugins to read a capture with: all but those switched off. Never rejects. */
  async loaded(): Promise<LoadedPlugins> {
    const [held, off] = await Promise.all([this.scan(), this.off()]);
    this.lastState = stateOf(held, off);
    const loaded = { compiled: [], errors: [] } as { compiled: LoadedPlugins['compiled'][0][]; errors: PluginError[] };
    for (const { file, compilation } of held) {
      if (off.has(basename(file))) continue;
      if ('plugin' in compilation) loaded.compiled.push(compilation.plugin);
      else loaded.errors.push(compilation.error);
    }
    return loaded;
  }

  /** Every plugin of the folder; `running` are those of the open capture, whose faults are told. */
  async rows(running: RunningPlugins | null): Promise<PluginRow[]> {
    const [held, off] = await Promise.all([this.scan(), this.off()]);
    const rows: PluginRow[] = [];
    for (const each of held) rows.push(await this.rowOf(each, off.has(basename(each.file)), running));
    return rows;
  }

  /** The text of a plugin. Rejects with a FileNameError or the system's error. */
  async source(name: string): Promise<string> {
    return readSource(this.pathOf(name));
  }

  /** Writes a plugin, whole or not at all. Rejects as `source` does. */
  async save(name: string, text: string): Promise<void> {
    const path = this.pathOf(name);
    const octets = new TextEncoder().encode(text);
    if (octets.length > MOST_SOURCE_BYTES) throw new FileNameError('The plugin is larger than any plugin.');
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeAtomically(path, (file) => file.write(octets));
    this.startWatching();
  }

  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name));
    await this.switch(name, true);
  }

  /** Switches a plugin on or off; so it stays. */
  async switch(name: string, isOn: boolean): Promise<void> {
    this.pathOf(name);
    const off = await this.off();
    if (isOn === !off.has(name)) return;
    if (isOn) off.delete(name);
    else off.add(name);
    const text = `${JSON.stringify([...off].toSorted())}\n`;
    await writeAtomically(join(this.folder, OFF_FILE), (file) => file.write(new TextEncoder().encode(text)));
  }

  /** `name.ts`, or where there is one `name-2.ts`, … */
  async freeName(name: string): Promise<string> {
    const taken = new Set(await readdir(this.folder).catch(() => []));
    for (let i = 1; ; i++) {
      const file = `${name}${i === 1 ? '' : `-${i}`}.ts`;
      if (!taken.has(file)) return file;
    }
  }

  /** Calls `onChange` whenever somebody else changed what `loaded` would give. */
  watch(onChange: () => void): void {
    this.onChange = onChange;
    this.startWatching();
  }

  close(): void {
    clearTimeout(this.timer);
    this.watcher?.close();
    this.watcher = null;
    this.onChange = () => {};
  }

  private startWatching(): void {
    if (this.watcher !== null) return;
    try {
      this.watcher = watch(this.folder, { persistent: false }, () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.look(), SETTLE_MS);
      });
      // The folder was taken away: nothing changes in it any more.
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      // There is no folder yet; the first plugin makes it.
    }
  }

  private async look(): Promise<void> {
    const [held, off] = await Promise.all([this.scan(), this.off()]);
    if (stateOf(held, off) !== this.lastState) this.onChange();
  }

  /** Reads what is there now; what has not changed stays compiled. */
  private async scan(): Promise<Held[]> {
    const files = await pluginFiles(this.folder).catch(() => []);
    const next = new Map<string, Held>();
    for (const file of files) next.set(file, await this.hold(file));
    this.held = next;
    return [...next.values()];
  }

  private async hold(file: string): Promise<Held> {
    try {
      const text = await readSource(file);
      const known = this.held.get(file);
      return known?.text === text ? known : { file, text, compilation: await compilePlugin(file, text) };
    } catch (error) {
      return { file, text: null, compilation: { error: unreadable(file, error) } };
    }
  }

  private async off(): Promise<Set<string>> {
    try {
      const names = JSON.parse(await readFile(join(this.folder, OFF_FILE), 'utf8')) as unknown;
      return new Set(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []);
    } catch {
      return new Set();
    }
  }

  private async rowOf({ file, compilation }: Held, isOff: boolean, running: RunningPlugins | null): Promise<PluginRow> {
    const name = basename(file);
    const row = { file: name, path: file, name: name.replace(/\.\w+$/, ''), dissectors: [], checks: [], exports: [] };
    if ('error' in compilation) return { ...row, state: isOff ? 'off' : 'failed', error: compilation.error };
    const { plugin } = compilation;
    const atWork = running?.plugins.find(({ compiled }) => compiled === plugin);
    const declared = atWork?.declared ?? (await this.declaredBy(compilation));
    if ('message' in declared) return { ...row, state: isOff ? 'off' : 'failed', error: declared };
    const startError = running?.failures.find((error) => error.file === file) ?? null;
    const error = isOff ? null : (atWork?.fault ?? startError);
    return {
      ...row,
      state: isOff ? 'off' : error === null ? 'ok' : 'failed',
      error,
      dissectors: declared.dissectors.map(({ id, label, specs, claims }) => ({
        id,
        label,
        specs: [...specs],
        claims: claims.map(claimText),
      })),
      checks: [...declared.checks],
      exports: [...declared.exports],
    };
  }

  private async declaredBy(compilation: Extract<Compilation, { plugin: unknown }>): Promise<Declared | PluginError> {
    const known = this.declared.get(compilation);
    if (known !== undefined) return known;
    const found = await RunningPlugin.start(compilation.plugin, []).then(
      (plugin) => {
        plugin.close();
        return plugin.declared;
      },
      (error: unknown) => {
        if (error instanceof PluginFailure) return error.error;
        throw error;
      },
    );
    this.declared.set(compilation, found);
    return found;
  }

  /** No name leads out of the folder. */
  private pathOf(name: string): string {
    if (typeof name !== 'string' || name.length > 100 || !/^[\w][\w. -]*$/.test(name) || !isPluginFile(name)) {
      throw new FileNameError(
        `${JSON.stringify(name)?.slice(0, 100)} is no name of a plugin: it is like my-plugin.ts.`,
      );
    }
    return join(this.folder, name);
  }
}

function stateOf(held: readonly Held[], off: ReadonlySet<string>): string {
  return JSON.stringify([held.map(({ file, text }) => [file, text]), [...off].toSorted()]);
}

/** `udp port 7777`. */
export function claimText(claim: Declared['dissectors'][0]['claims'][0]): string {
  switch (claim.kind) {
    case 'port':
      return `${claim.transport} port ${claim.port}`;
    case 'media-type':
      return claim.type;
    case 'heuristic':
      return claim.firstOctet === undefined
        ? `any ${claim.over}`
        : `any ${claim.over}, first octet ${claim.firstOctet[0]} to ${claim.firstOctet[1]}`;
  }
}
