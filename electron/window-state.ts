import type { Rectangle } from 'electron';

/** Where the window was, as kept from one start to the next. */
export interface WindowState extends Rectangle {
  isMaximized: boolean;
}

const LEAST = { width: 960, height: 600 };
export const DESIGNED = { width: 1440, height: 900 };

/**
 * The state to begin with: what was kept where that still shows on a screen, else the designed size. `screens` are the
 * work areas of today: a monitor may be gone.
 */
export function windowStateFrom(kept: unknown, screens: readonly Rectangle[]): Partial<WindowState> {
  if (!isState(kept)) return DESIGNED;
  const size = { width: Math.max(LEAST.width, kept.width), height: Math.max(LEAST.height, kept.height) };
  const { isMaximized } = kept;
  // Enough of the top edge must be within reach to drag the window by.
  const isVisible = screens.some(
    (screen) =>
      kept.x + size.width > screen.x + 80 &&
      kept.x < screen.x + screen.width - 80 &&
      kept.y >= screen.y &&
      kept.y < screen.y + screen.height - 40,
  );
  return isVisible ? { x: kept.x, y: kept.y, ...size, isMaximized } : { ...size, isMaximized };
}

function isState(value: unknown): value is WindowState {
  if (typeof value !== 'object' || value === null) return false;
  const state = value as Record<string, unknown>;
  const isNumbers = ['x', 'y', 'width', 'height'].every((key) => Number.isFinite(state[key]));
  return isNumbers && typeof state.isMaximized === 'boolean';
}
