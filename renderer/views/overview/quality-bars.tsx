import type { Overview } from '../../../shared/engine-api.ts';

const COLOURS = {
  error: 'var(--error-fill)',
  warning: 'var(--warning-fill)',
  note: 'var(--note-fill)',
  ok: 'var(--ok-fill)',
};

/** How many streams lie in which class of quality. */
export function QualityBars({ quality }: { quality: Overview['quality'] }) {
  const most = Math.max(1, ...quality.buckets.map(({ count }) => count));
  const what = quality.by === 'mos' ? 'MOS of the streams that could be rated' : 'loss of the RTP streams';
  return (
    <section aria-labelledby="overview-quality">
      <div className="ph">
        <h2 id="overview-quality">Quality</h2>
        <span className="t3">{what}</span>
      </div>
      <div className="overview-quality">
        {quality.buckets.map(({ label, from, to, count, severity }) => (
          <div key={label} className="overview-bucket">
            <span className="mono t2">{rangeText(from, to, quality.by)}</span>
            <span className="overview-bar">
              <span style={{ width: `${(count / most) * 100}%`, background: COLOURS[severity] }} />
              <b className="mono">{count}</b>
            </span>
            {quality.by === 'mos' && <span className="t2">{label}</span>}
          </div>
        ))}
        <p className="t2">{quality.summary}</p>
      </div>
    </section>
  );
}

function rangeText(from: number, to: number | null, by: 'loss' | 'mos'): string {
  if (by === 'mos') return `${from.toFixed(1)}–${(to ?? 4.5).toFixed(1)}`;
  if (to === 0) return '0 %';
  return to === null ? `> ${from} %` : from === 0 ? `≤ ${to} %` : `${from}–${to} %`;
}
