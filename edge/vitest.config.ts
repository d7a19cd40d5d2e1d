// Tests of the Worker run inside workerd; what it talks to runs in Node, started once per run.
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    cloudflareTest({
      main: './worker.ts',
      miniflare: {
        compatibilityDate: '2026-10-01',
        modulesRules: [{ type: 'Text', include: ['**/*.lua'], fallthrough: true }],
      },
    }),
  ],
  test: {
    name: 'edge',
    include: ['**/*.test.ts'],
    exclude: ['page/**'],
    globalSetup: ['test/surroundings.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
