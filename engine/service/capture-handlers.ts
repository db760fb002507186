import type { Handlers } from '../../shared/channel.ts';
import type { EngineApi } from '../../shared/engine-api.ts';
import { overviewOf } from '../query/overview.ts';
import { answering } from './answering.ts';
import { noCapture } from './coded-error.ts';
import type { CaptureSession } from './session.ts';

type CaptureMethod = 'capture.open' | 'capture.stop' | 'capture.close' | 'capture.failure' | 'overview.get';

/** Opening and closing, and the first screen. */
export function captureHandlers(session: CaptureSession): Handlers<Pick<EngineApi, CaptureMethod>> {
  return {
    'capture.open': ({ source }, { signal, progress }) => session.open(source, { signal, progress }),
    'capture.stop': () => {
      session.stop();
      return null;
    },
    'capture.close': async () => {
      await session.close();
      return null;
    },
    'capture.failure': () => session.failure,
    'overview.get': answering(session, (opened) => {
      if (opened.index === null) throw noCapture();
      return overviewOf(opened.index);
    }),
  };
}
