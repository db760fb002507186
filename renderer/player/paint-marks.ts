import { marksOf, type ShownMark } from './marks.ts';
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
    if (state.hasSpectrogram) paintFrequencies(context, plan.sampleRate / 2, width, laneHeight);
    context.restore();
  });
}

/** What the height of a spectrogram means, on its right edge: there are no marks that begin there. */
function paintFrequencies(context: CanvasRenderingContext2D, most: number, width: number, height: number): void {
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const [share, at] of [
    [1, 8],
    [0.5, height / 2],
    [0, height - 8],
  ]) {
    const text = share === 0 ? '0' : `${(most * share) / 1000}${share === 1 ? ' kHz' : ''}`;
    const wide = context.measureText(text).width + 6;
    context.fillStyle = tokenValue('--surface-chrome');
    context.fillRect(width - wide, at - 7, wide, 14);
    context.fillStyle = tokenValue('--text-2');
    context.fillText(text, width - 3, at);
  }
  context.textAlign = 'left';
}

interface Placed {
  readonly x: number;
  readonly wide: number;
  readonly height: number;
  readonly label: string;
}

const painters: Record<ShownMark['kind'], (context: CanvasRenderingContext2D, place: Placed) => void> = {
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
  concealed: (context, { x, wide, height }) => {
    context.fillStyle = tokenValue('--mark-late');
    context.fillRect(x, height - 4, Math.max(2, wide), 4);
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
  clipping: (context, { x, wide, height }) => {
    context.fillStyle = tokenValue('--error');
    for (const top of [0, height - 3]) context.fillRect(x, top, Math.max(3, wide), 3);
  },
  digit: (context, place) => digitBox(context, place, 0, place.label),
  tone: (context, place) => digitBox(context, place, 1, `~${place.label}`),
  info: (context, place) => digitBox(context, place, 2, `i${place.label}`),
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

/** The roads of a digit below each other: the same digit by two of them is seen as such. */
const DIGIT_PX = 14;

function digitBox(context: CanvasRenderingContext2D, { x }: Placed, line: number, text: string): void {
  const wide = Math.max(14, context.measureText(text).width + 8);
  const top = 1 + line * DIGIT_PX;
  context.fillStyle = tokenValue('--surface-raised');
  context.strokeStyle = tokenValue('--border-strong');
  context.beginPath();
  context.roundRect(x + 0.5, top + 0.5, wide, DIGIT_PX - 1, 3);
  context.fill();
  context.stroke();
  context.fillStyle = tokenValue('--mark-dtmf');
  context.textBaseline = 'middle';
  context.fillText(text, x + 0.5 + (wide - context.measureText(text).width) / 2, top + DIGIT_PX / 2);
}

function triangle(context: CanvasRenderingContext2D, x: number, bottom: number, size: number): void {
  context.beginPath();
  context.moveTo(x, bottom - size);
  context.lineTo(x + size / 2, bottom);
  context.lineTo(x - size / 2, bottom);
  context.closePath();
}
