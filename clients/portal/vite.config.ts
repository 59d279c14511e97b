import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

import { published } from './build/published.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('app'),
  publicDir: at('app/public'),
  // The SDK beside this folder, with the dependencies of its own lock.
  resolve: {
    alias: [
      { find: /^warifu$/, replacement: at('../typescript/dist/index.js') },
      { find: /^warifu\/answer-popup$/, replacement: at('../typescript/dist/answer-popup.js') },
      { find: /^warifu\/archive$/, replacement: at('../typescript/dist/archive/index.js') },
      { find: /^warifu\/browser$/, replacement: at('../typescript/dist/browser.js') },
      { find: /^warifu\/health$/, replacement: at('../typescript/dist/health/index.js') },
    ],
  },
  plugins: [react(), tailwindcss(), published(at('build/worker.js'))],
  build: {
    outDir: at('dist'),
    emptyOutDir: true,
    // What Ed25519 needs, as on the sign-in page.
    target: ['chrome137', 'firefox129', 'safari17'],
    // Each file is one that the list of hashes names; none is hidden in another.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: { input: [at('app/index.html'), at('app/signed-in/index.html')] },
  },
  test: {
    root: at('.'),
    include: ['tests/**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
    setupFiles: [at('tests/setup.ts')],
    restoreMocks: true,
    // Files leave nothing behind, and share one document: a third of the time.
    isolate: false,
  },
});
