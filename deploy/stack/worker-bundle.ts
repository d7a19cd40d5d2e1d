// How the Worker becomes one file: the same for the stack, which runs it in workerd, and for the
// replay, which runs it in Node. Wrangler's own settings stand in wrangler.toml.
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { ROOT } from './places.ts';

export const workerBundle = {
  entryPoints: [join(ROOT, 'edge/worker.ts')],
  bundle: true,
  format: 'esm',
  target: 'es2024',
  conditions: ['workerd', 'worker', 'browser'],
  loader: { '.lua': 'text' },
  external: ['node:*', 'cloudflare:*'],
  logLevel: 'error',
} as const satisfies BuildOptions;
