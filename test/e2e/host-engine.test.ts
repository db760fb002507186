/** The built host and the true engine, by the socket and the addresses that a page uses. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WindowApi } from '../../shared/engine-api.ts';
import { type ConnectedWindow, connectWindow, enter, type Entry } from '../fake-host/connect-window.ts';
import { type RunningHost, startHost } from './start-app.ts';

const SAMPLE = fileURLToPath(new URL('../../resources/samples/two-party-call.pcap', import.meta.url));
const COMMAND = fileURLToPath(new URL('../../dist/cli/earshot.mjs', import.meta.url));

let host: RunningHost;
let entry: Entry;
let window: ConnectedWindow;
beforeAll(async () => {
  host = await startHost({ capture: SAMPLE });
  entry = await enter(host.bootAddress);
  window = await connectWindow(entry);
});
afterAll(async () => {
  window?.socket.terminate();
  await host?.close();
});

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(entry.origin + entry.path + path, { headers: { Cookie: entry.cookie, ...headers } });
}

describe('the capture named on the command line', () => {
  it('is what the window is told to open, and its figures are the command’s', async () => {
    const { queued } = await window.shell.call('shell.ready', {});
    expect(queued).toEqual([{ kind: 'path', path: SAMPLE }]);
    const { info, counts } = await window.engine.call('capture.open', { source: queued[0] });
    const told = spawnSync(process.execPath, [COMMAND, 'info', SAMPLE, '--json'], { encoding: 'utf8' });
    const { capture } = JSON.parse(told.stdout) as { capture: typeof info };
    expect(info.packets).toBe(capture.packets);
    expect(counts).toMatchObject({ packets: capture.packets, calls: 1, streams: 2 });
  });

  it('is heard by address: the same samples as the command writes', async () => {
    const plan = await window.engine.call('audio.plan', { selection: { calls: ['c1'] } });
    const whole = Buffer.from(await (await get(`audio/${plan.id}.wav`)).arrayBuffer());
    expect(whole.length).toBe(plan.wavBytes);
    const folder = mkdtempSync(join(tmpdir(), 'earshot-heard-'));
    const path = join(folder, 'call.wav');
    spawnSync(process.execPath, [COMMAND, 'wav', SAMPLE, '--call', 'c1', '-o', path]);
    const written = readFileSync(path);
    rmSync(folder, { recursive: true });
    expect(samplesOf(whole).equals(samplesOf(written))).toBe(true);

    const part = await get(`audio/${plan.id}.wav`, { Range: 'bytes=50001-70000' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 50001-70000/${plan.wavBytes}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(50_001, 70_001))).toBe(true);
  });

  it('is exported to a download, once', async () => {
    const request = { kind: 'text', name: 'ladder – 1.svg', text: '<svg/>' } as const;
    const { id } = await window.engine.call('export.write', { request, path: null });
    const answer = await get(`export/${id}`);
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''ladder%20%E2%80%93%201.svg");
    expect(await answer.text()).toBe('<svg/>');
    expect((await get(`export/${id}`)).status).toBe(404);
  });

  it('can come from the window itself, octet by octet', async () => {
    const other = await connectWindow(entry);
    const octets = readFileSync(SAMPLE);
    other.engine.serve<WindowApi>({
      'blob.read': ({ offset, length }) => new Uint8Array(octets.subarray(offset, offset + length)),
    });
    const source = { kind: 'blob', name: 'dropped.pcap', lengthBytes: octets.length } as const;
    const { counts } = await other.engine.call('capture.open', { source });
    expect(counts).toMatchObject({ packets: 956, calls: 1, streams: 2 });
    other.socket.terminate();
    // The first window's capture is not touched.
    expect((await window.engine.call('overview.get', {})).info.file).toContain('two-party-call.pcap');
  });
});

/** What follows the header of the data chunk. */
function samplesOf(wav: Buffer): Buffer {
  const at = wav.indexOf('data', 12, 'latin1');
  expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
  return wav.subarray(at + 8, at + 8 + wav.readUInt32LE(at + 4));
}
