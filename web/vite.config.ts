import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const mermaid = JSON.parse(readFileSync(new URL(import.meta.resolve('mermaid/package.json')), 'utf8')) as {
  version: string;
};

export default defineConfig({
  base: '/',
  plugins: [react()],
  define: { __MERMAID_VERSION__: JSON.stringify(mermaid.version) },
  build: {
    target: 'es2024',
    // Fonts and pictures stay files, so that the content security policy needs no data: for anything but images.
    assetsInlineLimit: 0,
    // ELK alone is over a megabyte; it is loaded only when a graph is drawn.
    chunkSizeWarningLimit: 2000,
  },
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:3000' } },
});
