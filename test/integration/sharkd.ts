/**
 * Wireshark's engine as the yardstick. sharkd is tshark without its start-up time: one process dissects file after
 * file, with the same figures in six decimals. It is installed wherever tshark is (Debian package wireshark-common).
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

/** One line of `tshark -q -z rtp,streams`. */
export interface SharkStream {
  readonly ssrc: number;
  readonly payload: string;
  readonly saddr: string;
  readonly sport: number;
  readonly daddr: string;
  readonly dport: number;
  readonly pkts: number;
  readonly max_delta: number;
  readonly max_jitter: number;
  readonly mean_jitter: number;
  readonly expectednr: number;
}

/** A packet's number and its fields, several of a kind separated by commas. */
export interface SharkFrame {
  readonly num: number;
  readonly fields: readonly string[];
}

/** Whether there is a sharkd of the version the figures are compared with. */
export function hasSharkd(): boolean {
  const version = spawnSync('sharkd', ['--version'], { encoding: 'utf8' });
  return version.error === undefined && spawnSync('tshark', ['--version']).error === undefined;
}

export class Sharkd {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly folder: string;
  private readonly waiting = new Map<number, (reply: Reply | null) => void>();
  private id = 0;
  private loads = 0;
  private isLoaded = false;

  /** `heuristic`: RTP is recognised without signalling (`--enable-heuristic rtp_udp`). */
  constructor(heuristic: boolean) {
    this.folder = mkdtempSync(join(tmpdir(), 'earshot-sharkd-'));
    if (heuristic) writeFileSync(join(this.folder, 'heuristic_protos'), 'rtp_udp,1\n');
    this.process = spawn('sharkd', ['-'], { env: { ...process.env, WIRESHARK_CONFIG_DIR: this.folder } });
    this.process.stderr.resume();
    // A process that is gone is noticed by the end of its output.
    this.process.stdin.on('error', () => {});
    const lines = createInterface({ input: this.process.stdout });
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      const reply: Reply = JSON.parse(line);
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
    lines.on('close', () => {
      for (const resolve of this.waiting.values()) resolve(null);
      this.waiting.clear();
    });
  }

  /** Gives how many packets it read, those before damage to the file included; 0 for a file it refuses. */
  async load(path: string): Promise<number> {
    // A load that meets damage is never answered, so the next answer is waited for; a refused one leaves the last file.
    this.send('load', { file: path });
    this.loads++;
    const { frames = 0, filename } = await this.ask('status', {});
    this.isLoaded = filename === basename(path);
    return this.isLoaded ? frames : 0;
  }

  /** RTP streams of the file that was loaded; none where it was refused. */
  async streams(): Promise<SharkStream[]> {
    if (!this.isLoaded) return [];
    const { taps } = await this.ask('tap', { tap0: 'rtp-streams' });
    return taps?.[0]?.streams ?? [];
  }

  /** Packets that a display filter lets through, with some fields of each. */
  async frames(filter: string, fields: readonly string[]): Promise<SharkFrame[]> {
    const columns = Object.fromEntries(fields.map((field, i) => [`column${i}`, `${field}:0`]));
    if (!this.isLoaded) return [];
    // Results are kept by the filter's text, across files: each file needs a text of its own.
    const own = `(${filter}) && frame.number < ${0x7fffffff - this.loads}`;
    const result = await this.askRaw('frames', { filter: own, ...columns });
    return Array.isArray(result) ? result.map(({ c, num }) => ({ num, fields: c })) : [];
  }

  close(): void {
    this.process.stdin.end();
    this.process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask(method: string, params: object): Promise<Answer> {
    const result = await this.askRaw(method, params);
    return Array.isArray(result) ? {} : result;
  }

  /** The result, empty for an error; `frames` alone answers a list. Rejects where the process is gone. */
  private async askRaw(method: string, params: object): Promise<Answer | FrameLine[]> {
    const reply = await new Promise<Reply | null>((resolve) => this.waiting.set(this.send(method, params), resolve));
    if (reply === null) throw new Error(`sharkd ended at ${method} ${JSON.stringify(params)}`);
    return reply.result ?? {};
  }

  private send(method: string, params: object): number {
    const id = ++this.id;
    this.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return id;
  }
}

/** What `status` and `tap` answer. */
interface Answer {
  readonly frames?: number;
  readonly filename?: string;
  readonly taps?: readonly { readonly streams: SharkStream[] }[];
}

interface FrameLine {
  readonly c: readonly string[];
  readonly num: number;
}

interface Reply {
  readonly id: number;
  readonly result?: Answer | FrameLine[];
}
