import { base64Of } from '../../base/octet-text.ts';
import type { Handlers } from '../../shared/channel.ts';
import type { EngineApi, KeyTrial, OpenResult, SecretsView, SrtpKeyInput } from '../../shared/engine-api.ts';
import type { EspSa } from '../esp/security-association.ts';
import { Turns } from '../filter/turns.ts';
import { type ManualKey, parseManualKeyInput } from '../keys/manual-key.ts';
import { formatSsrc, streamId } from '../query/stream-rows.ts';
import { tryKey } from '../srtp/try-key.ts';
import { answering } from './answering.ts';
import { CodedError } from './coded-error.ts';
import type { Undo } from './secret-store.ts';
import type { CaptureSession, OpenCallbacks } from './session.ts';

type SecretsMethod = 'secrets.add' | 'secrets.remove' | 'secrets.get' | 'secrets.try' | 'connections.get';

/** `TLSK`: a key log in a Decryption Secrets Block (pcapng, section 4.7). */
const TLS_KEY_LOG = 0x544c534b;
const MOST_TRIED = 100;
const NO_TRIAL: KeyTrial = { error: null, field: null, streams: [], tried: 0, authenticated: 0 };

/** Key logs and SRTP keys that a person brings. */
export function secretsHandlers(session: CaptureSession): Handlers<Pick<EngineApi, SecretsMethod>> {
  const { secrets } = session;
  return {
    'secrets.add': async ({ keyLogs, srtpKeys, espSas = [], reread = true }, callbacks) => {
      if (!keyLogs.every(isText) || !srtpKeys.every(isText) || !espSas.every((line) => typeof line === 'string')) {
        throw new CodedError('bad-request', 'Key logs and keys are texts.');
      }
      const undo = await secrets.add(keyLogs, srtpKeys, espSas, new Turns(callbacks.signal));
      return reread ? rereadOr(undo, session, callbacks) : null;
    },
    'secrets.remove': ({ id }, callbacks) => rereadOr(secrets.remove(id), session, callbacks),
    'secrets.get': (): SecretsView => {
      const index = session.hasCapture ? session.opened().index : null;
      const embedded = index?.capture.reader.extras.secrets.filter(({ type }) => type === TLS_KEY_LOG).length ?? 0;
      const byHand = index?.keys.filter(({ source }) => source === 'manual') ?? [];
      const authenticatedBy = ({ suite, masterKey, masterSalt }: ManualKey): number => {
        const text = base64Of(Uint8Array.of(...masterKey, ...masterSalt));
        const rows = byHand.filter((row) => row.suite === suite.name && row.key === text);
        return rows.reduce((sum, { authenticated }) => sum + authenticated, 0);
      };
      const esp = index?.capture.pass.esp ?? null;
      const openedBy = (sa: EspSa): number => esp?.openedBy[esp.sas.indexOf(sa)] ?? 0;
      return { ...secrets.view(authenticatedBy, openedBy), embedded };
    },
    'secrets.try': (params, context) => {
      const key = isText(params.key) ? parseManualKeyInput(params.key) : null;
      if (key === null) throw new CodedError('bad-request', 'A key is texts.');
      if ('error' in key) return { ...NO_TRIAL, ...key };
      return session.hasCapture ? trial(key)(params, context) : NO_TRIAL;
    },
    'connections.get': answering(session, ({ index }) => [...index.connections]),
  };

  function trial(key: ManualKey) {
    return answering<{ key: SrtpKeyInput }, KeyTrial>(session, async ({ index }, _params, signal) => {
      const { flows } = index.capture.store;
      const { streams } = await tryKey(index.capture, key, signal);
      const sum = (of: 'tried' | 'authenticated'): number => streams.reduce((total, row) => total + row[of], 0);
      const rows = streams
        .toSorted((a, b) => b.authenticated - a.authenticated)
        .slice(0, MOST_TRIED)
        .map(({ stream, tried, authenticated }) => ({
          stream: streamId(stream),
          ssrc: formatSsrc(stream.ssrc),
          src: flows.sourceEndpoint(stream.flow),
          dst: flows.destinationEndpoint(stream.flow),
          tried,
          authenticated,
        }));
      return { ...NO_TRIAL, streams: rows, tried: sum('tried'), authenticated: sum('authenticated') };
    });
  }
}

/** Reads again with the secrets of now; where that fails or is cancelled, they are what they were. */
async function rereadOr(undo: Undo, session: CaptureSession, callbacks: OpenCallbacks): Promise<OpenResult | null> {
  try {
    return await session.reread(callbacks);
  } catch (error) {
    undo();
    throw error;
  }
}

/** What comes over the channel need not be what its type says. */
function isText(value: object): boolean {
  return Object.values(value).every((part) => typeof part === 'string');
}
