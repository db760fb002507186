import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openReader } from '../../engine/readers/detect.ts';
import { FrameBatch } from '../../engine/readers/frame-batch.ts';
import { openSource } from '../../engine/sources/open-source.ts';

const folder = fileURLToPath(new URL('../../../shared/captures', import.meta.url));
const run = promisify(execFile);
const AT_ONCE = 2;
/** Starting tshark is what takes the time: by default the formats' own captures and a part of the rest, all if asked. */
const ALL = process.env.EARSHOT_ALL_CAPTURES === '1';
const PART = 6;

/** Where the two rightly differ. The beginning of the name after the folder is enough. */
const ALLOWED: readonly { readonly path: string; readonly why: string }[] = [
  {
    path: 'malformed/RegressionTests-regression_samples-clusterfuzz-testcase-minimized-FuzzTarget-5631583764873216',
    why: 'tshark refuses a file whose reserved link-type bits are set; the frames are sound',
  },
  {
    path: 'malformed/RegressionTests-regression_samples-clusterfuzz-testcase-minimized-FuzzTarget-5685520970809344',
    why: 'reserved link-type bits, as above',
  },
  {
    path: 'malformed/RegressionTests-regression_samples-clusterfuzz-testcase-minimized-FuzzTarget-5752969003008000',
    why: 'reserved link-type bits, as above',
  },
  {
    path: 'malformed/RegressionTests-regression_samples-clusterfuzz-testcase-minimized-FuzzTarget-5766899836387328',
    why: 'tshark guesses records of Red Hat 6.1 from octets that are noise; the one plain record is whole',
  },
  {
    path: 'malformed/RegressionTests-regression_samples-crash-exception-cast-constructed-record',
    why: 'tshark guesses records of Red Hat 6.1 from the damage; read plainly there is a second record before it',
  },
  {
    path: 'malformed/RegressionTests-regression_samples-igmplayer',
    why: 'tshark guesses Nokia records from the damage and stops; records certainly go on behind it',
  },
  {
    path: 'malformed/RegressionTests-regression_samples-crash-eec28dafde1f1ac2299674a75a914ae16d4046fa',
    why: 'a fraction of more than a second, which overflows in tshark to one that looks sound',
  },
  {
    path: 'pcapng-format/Pcap++Test-PcapExamples-pcapng-example',
    why: 'a time of 2^64 µs less 505 s, which the batch cannot hold: the reader says so',
  },
];

interface Frame {
  /** Empty where the format gives none. */
  readonly time: string;
  readonly wire: number;
  readonly captured: number;
  /** tshark counts interfaces afresh in each section, and says the section. */
  readonly interfaceId: string;
}

interface Reading {
  readonly frames: Frame[];
  readonly remarks: string[];
}

async function readWithEarshot(path: string): Promise<Reading> {
  const source = await openSource(path);
  try {
    const reader = await openReader(source);
    const batch = new FrameBatch();
    const frames: Frame[] = [];
    while (await reader.next(batch)) {
      for (let i = 0; i < batch.count; i++) {
        frames.push({
          time: `${batch.seconds[i]}.${String(batch.nanoseconds[i]).padStart(9, '0')}`,
          wire: batch.wireLength[i],
          captured: batch.capturedLength[i],
          interfaceId: String(batch.interfaceIndex[i]),
        });
      }
    }
    return { frames, remarks: reader.issues.map((issue) => `${issue.message} (${issue.fileOffset})`) };
  } finally {
    await source.close();
  }
}

/** tshark exits with a fault at damage, after printing the frames before it. */
async function readWithTshark(path: string): Promise<Reading> {
  const fields = ['time_epoch', 'len', 'cap_len', 'section_number', 'interface_id', 'encap_type'];
  const args = ['-n', '-r', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', `frame.${field}`])];
  const { stdout, stderr } = await run('tshark', args, { maxBuffer: 1 << 28 }).catch(
    (fault: { stdout: string; stderr: string }) => fault,
  );
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  // It lists custom blocks too, which have no link type.
  const frames = rows
    .filter((row) => row[5] !== '')
    .map(([time, wire, captured, section, interfaceId]) => {
      return {
        time,
        wire: Number(wire),
        captured: Number(captured),
        interfaceId: `${section || 1}/${interfaceId || 0}`,
      };
    });
  return { frames, remarks: stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Running as')) };
}

/** The first difference in words; empty where there is none. */
function difference(ours: Reading, theirs: Reading): string {
  const ids = new Map<string, string>();
  for (const [i, frame] of ours.frames.entries()) {
    const other = theirs.frames[i];
    if (!other) break;
    // Without a time of its own a frame has the time of the one before; tshark prints none. A fraction of a second or
    // more tshark prints as it stands, or overflowed, without carrying it.
    const isComparable = other.time !== '' && !/^-|\.\d{10,}$|\.-/.test(other.time);
    if (isComparable && other.time !== frame.time) return `frame ${i}: time ${frame.time}, not ${other.time}`;
    // tshark's lengths are signed.
    if (Math.min(frame.wire, 0x7fffffff) !== other.wire) return `frame ${i}: length ${frame.wire}, not ${other.wire}`;
    if (frame.captured !== other.captured) return `frame ${i}: captured ${frame.captured}, not ${other.captured}`;
    const known = ids.get(other.interfaceId) ?? frame.interfaceId;
    const isFirstSection = other.interfaceId.startsWith('1/');
    if (known !== frame.interfaceId || (isFirstSection && other.interfaceId !== `1/${frame.interfaceId}`)) {
      return `frame ${i}: interface ${frame.interfaceId}, not ${other.interfaceId}`;
    }
    ids.set(other.interfaceId, known);
  }
  if (new Set(ids.values()).size !== ids.size) return 'two interfaces have one index';
  if (ours.frames.length !== theirs.frames.length) return `${ours.frames.length} frames, not ${theirs.frames.length}`;
  return '';
}

function capturesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .map((name) => join(path, name))
    .toSorted();
}

async function hasTshark(): Promise<boolean> {
  return run('tshark', ['--version']).then(
    () => true,
    () => false,
  );
}

// The captures and tshark are not part of the project: without either there is nothing to compare with.
const ready = existsSync(folder) && (await hasTshark());

describe.skipIf(!ready)('frames as tshark reads them', () => {
  it('agree', { timeout: 600_000 }, async () => {
    const all = capturesIn(folder);
    expect(all.length).toBeGreaterThan(400);
    const isAllowed = (path: string): boolean =>
      ALLOWED.some((allowed) => relative(folder, path).startsWith(allowed.path));
    const queue = all.filter(
      (path, i) => (ALL || i % PART === 0 || path.includes('pcapng-format')) && !isAllowed(path),
    );
    const differing: string[] = [];
    const check = async (path: string): Promise<void> => {
      const [ours, theirs] = await Promise.all([readWithEarshot(path), readWithTshark(path)]);
      const found = difference(ours, theirs);
      if (found === '') return;
      differing.push(`${relative(folder, path)}: ${found} [${ours.remarks.join('; ')} | ${theirs.remarks.join('; ')}]`);
    };
    const work = async (): Promise<void> => {
      for (let path = queue.shift(); path !== undefined; path = queue.shift()) await check(path);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(differing).toEqual([]);
  });
});
