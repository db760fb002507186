import type { AudioMark } from '../../shared/engine-api.ts';
import { marksOf } from './marks.ts';
import type { PlayerState } from './player-state.ts';
import { tokenValue } from '../model/theme-colours.ts';

/** Draws the marks of all lanes over their waves. */
export function paintMarks(canvas: HTMLCanvasElement, state: PlayerState, width: number, laneHeight: number): void {
  const { plan, window, hidden } = state;
  if (plan === null) return;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(laneHeight * plan.lanes.length * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  context.font = `11px ${tokenValue('--font-mono')}`;
  const scale = width / (window.to - window.from);
  plan.lanes.forEach((_lane, at) => {
    context.save();
    context.translate(0, at * laneHeight);
    for (const mark of marksOf(state, at)) {
      const x = (mark.at - window.from) * scale;
      const wide = mark.seconds * scale;
      if (hidden.has(mark.kind) || x > width + 20 || x + wide < -20) continue;
      painters[mark.kind](context, { x, wide, height: laneHeight, label: mark.label });
    }
    context.restore();
  });
}

interface Placed {
  readonly x: number;
  readonly wide: number;
  readonly height: number;
  readonly label: string;
}

const painters: Record<AudioMark['kind'], (context: CanvasRenderingContext2D, place: Placed) => void> = {
  loss: (context, { x, wide, height }) => {
    const shown = Math.max(2, wide);
    context.fillStyle = tokenValue('--mark-loss-soft');
    context.fillRect(x, 0, shown, height);
    context.fillStyle = tokenValue('--mark-loss');
    context.fillRect(x, 0, shown, 4);
  },
  late: (context, { x, height }) => {
    context.fillStyle = tokenValue('--mark-late');
    triangle(context, x, height, 8);
    context.fill();
  },
  reordered: (context, { x, height }) => {
    context.strokeStyle = tokenValue('--mark-late');
    triangle(context, x, height - 1, 7);
    context.stroke();
  },
  silence: (context, { x, wide, height }) => {
    context.fillStyle = tokenValue('--mark-silence');
    const middle = Math.floor(height / 2);
    for (let at = Math.max(0, x); at < x + wide; at += 4) context.fillRect(at, middle - 1, 2, 3);
  },
  digit: (context, { x, label }) => {
    const wide = Math.max(14, context.measureText(label).width + 8);
    context.fillStyle = tokenValue('--surface-raised');
    context.strokeStyle = tokenValue('--border-strong');
    context.beginPath();
    context.roundRect(x + 0.5, 2.5, wide, 14, 3);
    context.fill();
    context.stroke();
    context.fillStyle = tokenValue('--mark-dtmf');
    context.textBaseline = 'middle';
    context.fillText(label, x + (wide - context.measureText(label).width) / 2, 10);
  },
  codec: (context, { x, height, label }) => {
    context.strokeStyle = tokenValue('--text-3');
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(x + 0.5, 0);
    context.lineTo(x + 0.5, height);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = tokenValue('--text-2');
    context.textBaseline = 'alphabetic';
    context.fillText(label, x + 4, height - 4);
  },
};

function triangle(context: CanvasRenderingContext2D, x: number, bottom: number, size: number): void {
  context.beginPath();
  context.moveTo(x, bottom - size);
  context.lineTo(x + size / 2, bottom);
  context.lineTo(x - size / 2, bottom);
  context.closePath();
}
