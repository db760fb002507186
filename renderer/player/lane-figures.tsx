import type { AudioLane } from '../../shared/engine-api.ts';
import { formatNumber, formatPercent } from '../model/format/numbers.ts';
import { mosTone } from '../widgets/grid/figures.ts';

/** Loss, jitter and MOS beside the lane. */
export function LaneFigures({ lane }: { lane: AudioLane }) {
  const loss = lane.lostPercent > 5 ? 'err' : lane.lostPercent > 1 ? 'warn' : '';
  return (
    <dl className="lane-figures">
      <div>
        <dt>Loss %</dt>
        <dd className={`mono ${loss}`}>{formatPercent(lane.lostPercent)}</dd>
      </div>
      <div>
        <dt>Jitter ms</dt>
        <dd className={`mono ${(lane.jitterMs ?? 0) > 30 ? 'warn' : ''}`}>{formatNumber(lane.jitterMs, 1)}</dd>
      </div>
      <div title="By the E-model, of the packets as they were captured">
        <dt>MOS</dt>
        <dd className={`mono ${mosTone(lane.mos)}`}>{formatNumber(lane.mos, 1)}</dd>
      </div>
    </dl>
  );
}
