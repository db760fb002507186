import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window: one bundle for Electron and for the loopback host, with relative addresses only. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // Fonts and icons stay files: the content security policy allows no data: addresses for scripts or fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    modulePreload: { polyfill: false },
  },
});
