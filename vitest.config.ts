// Three projects: `unit` needs nothing but Node, `edge` runs inside workerd, `integration` runs
// against real services that its global set-up starts on free ports and stops again.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'shared/**/*.test.ts',
            'origin/**/*.test.ts',
            'deploy/**/*.test.ts',
            'edge/page/**/*.test.ts',
          ],
          exclude: ['origin/test/**', 'deploy/end-to-end/**', '**/node_modules/**'],
          testTimeout: 10_000,
          expect: { poll: { timeout: 5_000 } },
        },
      },
      {
        test: {
          name: 'integration',
          include: [
            'origin/test/**/*.test.ts',
            'lua/**/*.test.ts',
            'deploy/end-to-end/**/*.test.ts',
          ],
          globalSetup: ['deploy/local/test-services.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A condition is waited for by a machine that has other work to do, too.
          expect: { poll: { timeout: 15_000 } },
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      'edge/vitest.config.ts',
    ],
    coverage: {
      provider: 'istanbul',
      include: ['edge/**/*.ts', 'origin/**/*.ts', 'shared/**/*.ts'],
      exclude: ['**/*.test.ts', '**/test/**'],
      reportsDirectory: '.local/coverage',
    },
  },
});
