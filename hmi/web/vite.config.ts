import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as { version: string };

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  define: { __VERSION__: JSON.stringify(version) },
  build: {
    outDir: '../../build/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the gateway's policy allows no data: font
    modulePreload: false, // nor an inline script
  },
  test: { include: ['tests/**/*.test.{ts,tsx}'] },
});
