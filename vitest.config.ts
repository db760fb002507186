import { defineConfig } from 'vitest/config';
import { bundledTextForVite } from './scripts/bundled-text.mjs';

const exclude = ['**/node_modules/**', 'dist/**'];
const testTimeout = 240_000;

export default defineConfig({
  test: {
    // Of its own accord vitest keeps a core to itself: half of a machine that has two.
    maxWorkers: '100%',
    projects: [
      {
        plugins: [bundledTextForVite],
        test: { name: 'unit', include: ['**/*.test.ts'], exclude: [...exclude, 'test/e2e/**'], testTimeout },
      },
      {
        plugins: [bundledTextForVite],
        // Each starts a host and a browser: one after the other, when the others are done.
        test: {
          name: 'window',
          include: ['test/e2e/**/*.test.ts'],
          exclude,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
