import { randomBytes } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { realpath, rm, stat } from 'node:fs/promises';
import type { Dissector } from '../../dissectors/dissector.ts';
import type { Handlers } from '../../shared/channel.ts';
import type { EngineApi, Exported, ExportRequest } from '../../shared/engine-api.ts';
import { planAudio } from '../audio/audio-plan.ts';
import { NothingToExportError } from '../export/nothing-to-export-error.ts';
import { writeRawPayload } from '../export/raw-payload.ts';
import { writeWav } from '../export/wav.ts';
import { writeFrames } from '../export/write-frames.ts';
import { PluginFailure } from '../plugins/running-plugin.ts';
import { placed } from '../plugins/running-plugins.ts';
import { findStreams } from '../query/stream-rows.ts';
import { throwIfAborted } from '../readers/abort.ts';
import { isStandardOutput, writeAtomically } from '../sources/atomic-file.ts';
import type { CaptureHolder } from './audio-handlers.ts';
import { checkedSelection } from './audio-plans.ts';
import { CodedError, notFound } from './coded-error.ts';
import { exportFrames } from './export-frames.ts';
import { exportName } from './export-name.ts';

export interface ExportHolder extends CaptureHolder {
  /** Whose fields filters may name. */
  readonly dissectors: readonly Dissector[];
  /** Of the open capture, which no export may take the place of; null where there is none. */
  readonly path: string | null;
}

export interface ExportOptions {
  /** For exports without a path: the shell hands them out and deletes them. */
  readonly temporaryFolder: string;
}

/** Only for whoever runs Earshot: what is exported are people's voices. */
const PRIVATE = 0o600;

/** Writes audio, packets and what the window drew into files. A file appears whole or not at all. */
export function exportHandlers(
  session: ExportHolder,
  { temporaryFolder }: ExportOptions,
): Handlers<Pick<EngineApi, 'export.write'>> {
  return {
    'export.write': async ({ request, path }, context): Promise<Exported> => {
      const { signal } = context;
      throwIfAborted(signal);
      checkRequest(request);
      const id = randomBytes(16).toString('hex');
      const target = path === null ? join(temporaryFolder, id) : await checkedPath(path, session.path);
      try {
        await write(session, request, target, {
          signal,
          mode: path === null ? PRIVATE : undefined,
        });
      } catch (error) {
        throw exportFailure(error, path);
      }
      // Nobody learns where a private file lies that was given up in its last moment.
      if (signal.aborted && path === null) {
        await rm(target, { force: true });
        throwIfAborted(signal);
      }
      const { size } = await stat(target);
      return { path: target, id, name: exportName(request), bytes: size };
    },
  };
}

interface WriteOptions {
  readonly signal: AbortSignal;
  readonly mode: number | undefined;
}

async function write(
  session: ExportHolder,
  request: ExportRequest,
  path: string,
  options: WriteOptions,
): Promise<unknown> {
  const { signal, mode } = options;
  switch (request.kind) {
    case 'wav': {
      const capture = session.capture();
      const { heard } = await planAudio(capture, checkedSelection(request.selection));
      return writeWav(capture, heard, path, { ...options, range: framesOf(request.range, heard.sampleRate) });
    }
    case 'raw': {
      const capture = session.capture();
      const [stream] = findStreams(capture, request.stream);
      if (stream === undefined) throw notFound(`stream ${request.stream}`);
      return writeRawPayload(capture, stream, path, options);
    }
    case 'pcap': {
      const capture = session.capture();
      const frames = await exportFrames(capture, request.call, request.filter, session.dissectors, signal);
      if (frames.length === 0) throw new NothingToExportError('No packet passes the filter.');
      return writeAtomically(path, (file) => writeFrames(capture, frames, file, signal), mode);
    }
    case 'plugin': {
      const capture = session.capture();
      const made = await capture.plugins?.export(request.export, capture, signal);
      if (made == null) throw notFound(`export ${request.export}`);
      return writeAtomically(path, (file) => file.write(made.octets), mode);
    }
    case 'text':
      return writeAtomically(path, (file) => file.write(new TextEncoder().encode(request.text)), mode);
    case 'bytes':
      return writeAtomically(path, (file) => file.write(request.bytes), mode);
  }
}

/** What came over the channel is what it says it is. Throws with the code `bad-request`. */
function checkRequest(request: ExportRequest | null | undefined): void {
  if (!isWellFormed(request)) throw new CodedError('bad-request', 'There is no such export.');
}

function isWellFormed(request: ExportRequest | null | undefined): boolean {
  switch (request?.kind) {
    case 'wav':
      return request.range === null || (Number.isFinite(request.range?.from) && Number.isFinite(request.range?.to));
    case 'raw':
      return typeof request.stream === 'string';
    case 'pcap':
      return (request.call === null || typeof request.call === 'string') && typeof request.filter === 'string';
    case 'plugin':
      return typeof request.export === 'string' && typeof request.name === 'string';
    case 'text':
      return typeof request.text === 'string' && typeof request.name === 'string';
    case 'bytes':
      return request.bytes instanceof Uint8Array && typeof request.name === 'string';
    default:
      return false;
  }
}

/** Seconds to sample frames. */
function framesOf(
  range: { readonly from: number; readonly to: number } | null,
  sampleRate: number,
): { from: number; to: number } | undefined {
  return range === null
    ? undefined
    : { from: Math.round(range.from * sampleRate), to: Math.round(range.to * sampleRate) };
}

async function checkedPath(path: string, capture: string | null): Promise<string> {
  const isFile = typeof path === 'string' && isAbsolute(path) && !path.includes('\0') && !isStandardOutput(path);
  if (!isFile) throw new CodedError('bad-request', 'Name a file with its folder.');
  const target = await realFile(path);
  const other = capture === null ? null : await realFile(capture);
  if (target !== null && target === other) {
    throw new CodedError('bad-request', 'That would take the place of the capture: choose another name.');
  }
  return path;
}

/** null where there is no such file. */
function realFile(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}

/** The system's words, as a person wants them. */
function exportFailure(error: unknown, path: string | null): unknown {
  if (error instanceof NothingToExportError) return new CodedError('nothing-to-export', error.message);
  if (error instanceof PluginFailure) return new CodedError('plugin-failed', `${placed(error.error)}.`);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const where = path ?? 'the temporary folder';
  const sentences: Record<string, string> = {
    ENOENT: `The folder of ${where} does not exist.`,
    EACCES: `${where} may not be written.`,
    EPERM: `${where} may not be written.`,
    EROFS: `${where} is on a disk that cannot be written.`,
    EISDIR: `${where} is a folder.`,
    ENOSPC: 'The disk is full.',
    ENAMETOOLONG: 'The name of the file is too long.',
  };
  const sentence = sentences[error.code];
  return sentence === undefined ? error : new CodedError(error.code, sentence);
}
