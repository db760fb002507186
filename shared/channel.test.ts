import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { Channel, type Handlers, joinPipes, type Pipe, RemoteError, splitPipe } from './channel.ts';

type Api = {
  double: { params: number; result: number };
  fail: { params: unknown; result: never };
  wait: { params: null; result: string };
  count: { params: number; result: string; progress: number };
};
type Heard = { tick: number };

/** Two ends of one pipe. Messages arrive later and are copies, as between processes. */
function pair(): { a: Pipe; b: Pipe; sent: unknown[] } {
  const sent: unknown[] = [];
  const ends = [0, 1].map(() => ({ listeners: new Set<(m: unknown) => void>(), closers: new Set<() => void>() }));
  const close = (): void => {
    const all = ends.flatMap(({ closers }) => [...closers]);
    for (const { closers } of ends) closers.clear();
    for (const closer of all) closer();
  };
  const end = (own: number): Pipe => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      sent.push(copy);
      queueMicrotask(() => ends[1 - own].listeners.forEach((listener) => listener(copy)));
    },
    onMessage: (listener) => {
      ends[own].listeners.add(listener);
      return () => ends[own].listeners.delete(listener);
    },
    onClose: (listener) => {
      ends[own].closers.add(listener);
      return () => ends[own].closers.delete(listener);
    },
    close,
  });
  return { a: end(0), b: end(1), sent };
}

function connected(overrides: Partial<Handlers<Api>> = {}) {
  const { a, b, sent } = pair();
  const client = new Channel<Api, Heard, Heard>(a);
  const server = new Channel<Api, Heard, Heard>(b);
  server.serve<Api>({
    double: (value) => value * 2,
    fail: () => {
      throw new Error('It broke.');
    },
    wait: (_params, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(Object.assign(new Error('Stopped.'), { name: 'AbortError' })));
      }),
    count: () => '',
    ...overrides,
  });
  return { client, server, a, b, sent };
}

describe('calls', () => {
  it('answers each its own, whatever the order', async () => {
    const { client } = connected({
      double: async (value) => {
        await sleep(value === 1 ? 20 : 0);
        return value * 2;
      },
    });
    expect(await Promise.all([1, 2, 3].map((value) => client.call('double', value)))).toEqual([2, 4, 6]);
  });

  it('both sides may call under the same ids', async () => {
    const { client, server } = connected();
    client.serve<Pick<Api, 'double'>>({ double: (value) => value * 20 });
    expect(await Promise.all([client.call('double', 1), server.call('double', 1)])).toEqual([2, 20]);
  });

  it.each([
    ['an error', new Error('It broke.'), 'failed', 'It broke.'],
    ['an error with a code', Object.assign(new Error('Gone.'), { code: 'ENOENT' }), 'ENOENT', 'Gone.'],
    ['a word', 'nonsense', 'failed', 'nonsense'],
  ])('%s comes as code and sentence', async (_name, thrown, code, message) => {
    const { client } = connected({
      fail: () => {
        throw thrown;
      },
    });
    const error: unknown = await client.call('fail', null).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({ code, message });
  });

  it('says that a method is not there, inherited names too', async () => {
    const { client } = connected();
    for (const name of ['nothing', 'toString', '__proto__']) {
      await expect(client.call(name as 'double', 1)).rejects.toMatchObject({ code: 'no-such-method' });
    }
  });

  it('an answer that cannot be sent is an error, and so are parameters', async () => {
    const { client } = connected({ double: () => (() => 1) as unknown as number });
    await expect(client.call('double', 1)).rejects.toBeInstanceOf(RemoteError);
    await expect(client.call('fail', () => 1)).rejects.toThrow();
    await expect(client.call('fail', null)).rejects.toMatchObject({ message: 'It broke.' });
  });
});

describe('cancelling', () => {
  it('rejects at once and stops the other side', async () => {
    const stopped = vi.fn();
    const { client } = connected({
      wait: (_params, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', stopped);
        }),
    });
    const abort = new AbortController();
    const call = client.call('wait', null, { signal: abort.signal });
    await sleep(1);
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await sleep(1);
    expect(stopped).toHaveBeenCalledOnce();
  });

  it('sends nothing for what was cancelled before', async () => {
    const { client, sent } = connected();
    await expect(client.call('double', 1, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'AbortError',
    });
    expect(sent).toEqual([]);
  });

  it('leaves no listener on a signal that lives longer', async () => {
    const { client } = connected();
    const abort = new AbortController();
    const removed = vi.spyOn(abort.signal, 'removeEventListener');
    await client.call('double', 1, { signal: abort.signal });
    expect(removed).toHaveBeenCalledOnce();
  });
});

describe('a burst of calls', () => {
  it('is held back to 64 under way, also where some that wait are cancelled', async () => {
    const release: (() => void)[] = [];
    let underWay = 0;
    let most = 0;
    const { client } = connected({
      double: async (value) => {
        most = Math.max(most, ++underWay);
        await new Promise<void>((resolve) => release.push(resolve));
        underWay--;
        return value;
      },
    });
    const abort = new AbortController();
    const calls = Array.from({ length: 64 }, (_, i) => client.call('double', i));
    const dropped = Array.from({ length: 10 }, (_, i) => client.call('double', i, { signal: abort.signal }));
    calls.push(...Array.from({ length: 40 }, (_, i) => client.call('double', i)));
    await sleep(1);
    abort.abort();
    expect((await Promise.allSettled(dropped)).every(({ status }) => status === 'rejected')).toBe(true);
    while (release.length > 0) {
      release.shift()?.();
      await sleep(0);
    }
    await Promise.all(calls);
    expect(most).toBe(64);
  });
});

describe('progress', () => {
  it('brings the latest and drops those in between', async () => {
    const { client } = connected({
      count: (last, { progress }) => {
        for (let i = 1; i <= last; i++) progress(i);
        return new Promise((resolve) => setTimeout(() => resolve('done'), 20));
      },
    });
    const seen: number[] = [];
    expect(await client.call('count', 1000, { onProgress: (value) => seen.push(value) })).toBe('done');
    expect(seen).toEqual([1, 1000]);
  });

  it('says nothing more once the call is over', async () => {
    let late: ((value: number) => void) | undefined;
    const { client, sent } = connected({
      count: (_last, { progress }) => {
        late = progress;
        return 'done';
      },
    });
    await client.call('count', 1);
    const before = sent.length;
    late?.(5);
    expect(sent.length).toBe(before);
  });
});

describe('events', () => {
  it('reach those who listen, until they do not', async () => {
    const { client, server } = connected();
    const seen: number[] = [];
    const stop = client.on('tick', (value) => seen.push(value));
    server.emit('tick', 1);
    await sleep(1);
    stop();
    server.emit('tick', 2);
    await sleep(1);
    expect(seen).toEqual([1]);
  });
});

describe('the end', () => {
  it('fails what is under way and what comes after, and stops the other side', async () => {
    const { client, b } = connected();
    const call = client.call('wait', null);
    const failed = expect(call).rejects.toMatchObject({ code: 'closed' });
    await sleep(1);
    b.close();
    await failed;
    await expect(client.call('double', 1)).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('what is no message', () => {
  it('is dropped', async () => {
    const { client, a } = connected();
    for (const junk of [null, 5, 'text', [], {}, { kind: 'other' }, { kind: 'result', id: 99 }, { kind: 'cancel' }]) {
      a.post(junk);
    }
    expect(await client.call('double', 4)).toBe(8);
  });

  it('a second call under an id that is taken is refused, and the first goes on', async () => {
    const answers: unknown[] = [];
    const { a } = connected({
      double: async (value) => {
        await sleep(5);
        return value;
      },
    });
    a.onMessage((message) => answers.push(message));
    a.post({ kind: 'call', id: 1, method: 'double', params: 7 });
    a.post({ kind: 'call', id: 1, method: 'double', params: 8 });
    await sleep(20);
    expect(answers).toEqual([
      expect.objectContaining({ kind: 'error', id: 1, code: 'taken' }),
      { kind: 'result', id: 1, value: 7 },
    ]);
  });
});

describe('splitPipe and joinPipes', () => {
  it('keep two conversations apart on one pipe, and lead one of them on', async () => {
    const outer = pair();
    const inner = pair();
    const left = splitPipe(outer.a, ['one', 'two']);
    const right = splitPipe(outer.b, ['one', 'two']);
    joinPipes(right.two, inner.a);
    new Channel<Api>(right.one).serve<Pick<Api, 'double'>>({ double: (value) => value + 1 });
    new Channel<Api>(inner.b).serve<Pick<Api, 'double' | 'wait'>>({
      double: (value) => value + 2,
      wait: () => new Promise(() => {}),
    });
    const one = new Channel<Api>(left.one);
    const two = new Channel<Api>(left.two);
    expect(await Promise.all([one.call('double', 10), two.call('double', 10)])).toEqual([11, 12]);

    const failed = expect(two.call('wait', null)).rejects.toMatchObject({ code: 'closed' });
    await sleep(1);
    inner.b.close();
    await failed;
    await expect(one.call('double', 1)).rejects.toMatchObject({ code: 'closed' });
  });
});
