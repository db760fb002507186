/** A small chart of values over time, decoration beside the figure that says the same. */
export function Spark({
  kind,
  values,
  most,
  isBad = false,
}: {
  kind: 'bars' | 'line';
  values: readonly number[];
  most: number;
  isBad?: boolean;
}) {
  const width = values.length;
  const y = (value: number): number => 20 - (Math.min(value, most) / most) * 18;
  return (
    <svg
      className={`spark ${isBad ? 'is-bad' : ''}`}
      viewBox={`0 0 ${Math.max(1, width)} 21`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="spark-base" d={`M0 20.5H${width}`} />
      <path className={`spark-${kind}`} d={kind === 'bars' ? barsPath(values, y) : linePath(values, y)} />
    </svg>
  );
}

function barsPath(values: readonly number[], y: (value: number) => number): string {
  return values.map((value, at) => (value > 0 ? `M${at + 0.5} 20V${y(value).toFixed(1)}` : '')).join('');
}

/** Breaks where there is no value. */
function linePath(values: readonly number[], y: (value: number) => number): string {
  let path = '';
  let isDown = false;
  values.forEach((value, at) => {
    if (Number.isFinite(value)) path += `${isDown ? 'L' : 'M'}${at + 0.5} ${y(value).toFixed(1)}`;
    isDown = Number.isFinite(value);
  });
  return path;
}
