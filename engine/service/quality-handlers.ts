import type { Handlers } from '../../shared/channel.ts';
import type { EngineApi } from '../../shared/engine-api.ts';
import { audioQuality, sidesOf } from '../quality/audio-quality.ts';
import { qualitySeries } from '../quality/quality-series.ts';
import { streamQuality } from '../quality/stream-quality.ts';
import { answering } from './answering.ts';
import { notFound } from './coded-error.ts';
import type { CaptureSession } from './session.ts';

type QualityMethods = Pick<EngineApi, 'quality.stream' | 'quality.audio'>;

/** How a stream sounded: what packets and reports tell at once, what the audio tells when it was decoded. */
export function qualityHandlers(session: CaptureSession): Handlers<QualityMethods> {
  return {
    'quality.stream': answering(session, ({ index }, { stream: id }) => {
      const stream = index.stream(id);
      if (stream === null || !index.isWhole) throw notFound(`stream ${id}`);
      return { figures: streamQuality(index.capture, stream), series: qualitySeries(index.capture, stream) };
    }),
    'quality.audio': async ({ id }, { signal, progress }) => {
      const { index, abort } = session.opened();
      const about = index?.stream(id) ?? index?.call(id) ?? null;
      if (about === null || index === null || !index.isWhole) throw notFound(`stream or call ${id}`);
      return audioQuality(index.capture, sidesOf(index.capture, about), {
        signal: AbortSignal.any([signal, abort.signal]),
        onProgress: progress,
      });
    },
  };
}
