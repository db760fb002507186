import { describe, expect, it } from 'vitest';
import { Channel, type Pipe } from './channel.ts';
import type { AudioPlan, EngineApi } from './engine-api.ts';
import { tapEngine } from './engine-tap.ts';

/** An engine's end and a shell's end of one pipe within the process. */
function pair(): [Pipe, Pipe] {
  const listeners: Set<(message: unknown) => void>[] = [new Set(), new Set()];
  const end = (own: number): Pipe => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => listeners[1 - own].forEach((listener) => listener(copy)));
    },
    onMessage: (listener) => {
      listeners[own].add(listener);
      return () => listeners[own].delete(listener);
    },
    onClose: () => () => {},
    close: () => {},
  });
  return [end(0), end(1)];
}

function tapped() {
  const [engineEnd, shellEnd] = pair();
  const engine = new Channel<Record<string, never>>(engineEnd);
  let asked = 0;
  engine.serve<Pick<EngineApi, 'audio.plan' | 'audio.wav' | 'export.write' | 'packet.at'>>({
    'audio.plan': () => ({ id: 'plan-1', wavBytes: 1044 }) as AudioPlan,
    'audio.wav': ({ at, length }) => new Uint8Array(length).fill(at),
    'export.write': ({ path }) => ({ path: path ?? '/tmp/x', id: `export-${++asked}`, name: 'call.wav', bytes: 3 }),
    'packet.at': ({ time }) => time + 1,
  });
  const tap = tapEngine(shellEnd);
  return { tap, window: new Channel<EngineApi>(tap.window), engine };
}

const text = { kind: 'text', name: 'a.txt', text: '' } as const;

describe('tapEngine', () => {
  it('answers the window and the shell, who use the same ids', async () => {
    const { tap, window } = tapped();
    const both = [1, 2, 3].flatMap((time) => [
      window.call('packet.at', { time }),
      tap.own.call('packet.at', { time: time + 100 }),
    ]);
    expect(await Promise.all(both)).toEqual([2, 102, 3, 103, 4, 104]);
    expect(await tap.own.call('audio.wav', { id: 'plan-1', at: 7, length: 2 })).toEqual(new Uint8Array([7, 7]));
  });

  it('lets the engine ask the window', async () => {
    const { window, engine } = tapped();
    window.serve({ 'blob.read': () => new Uint8Array([1]) });
    const ask = engine as unknown as Channel<{ 'blob.read': { params: null; result: Uint8Array } }>;
    expect(await ask.call('blob.read', null)).toEqual(new Uint8Array([1]));
  });

  it('knows the length of the audio that the window planned, and of no other', async () => {
    const { tap, window } = tapped();
    expect(tap.wavBytes('plan-1')).toBeNull();
    await window.call('audio.plan', { selection: { calls: ['c1'] } });
    expect(tap.wavBytes('plan-1')).toBe(1044);
    expect(tap.wavBytes('plan-2')).toBeNull();
  });

  it('gives out an export once, and none that went to a path of the user', async () => {
    const { tap, window } = tapped();
    const exported = await window.call('export.write', { request: text, path: null });
    const placed = await window.call('export.write', { request: text, path: '/home/someone/a.txt' });
    expect(tap.takeExport(placed.id)).toBeNull();
    expect(tap.takeExport(exported.id)).toMatchObject({ path: '/tmp/x', name: 'call.wav' });
    expect(tap.takeExport(exported.id)).toBeNull();
  });

  it('lets no message of the window pass for one of the shell', async () => {
    const [engineEnd, shellEnd] = pair();
    const seen: unknown[] = [];
    engineEnd.onMessage((message) => seen.push(message));
    const { window } = tapEngine(shellEnd);
    for (const id of [-1, 0, Number.NaN]) window.post({ kind: 'call', id, method: 'packet.at', params: {} });
    window.post({ kind: 'call', id: '5', method: 'packet.at', params: {} });
    window.post({ kind: 'cancel', id: 3 });
    await Promise.resolve();
    expect(seen).toEqual([{ kind: 'cancel', id: 3 }]);
  });
});
