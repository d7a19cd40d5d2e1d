// The Worker as it is bundled for Cloudflare, run in this process: its clock is the replay's, its
// calls are counted, and each judgement is seen on its way.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Judgement } from '../../../edge/score/judgement.ts';
import { workerBundle } from '../../stack/worker-bundle.ts';

export interface Seen {
  readonly judgement: Judgement;
  /** What it took after a millisecond of other work, and what it takes one after the other. */
  readonly coldUs: number;
  readonly busyUs: number;
}

export interface Surroundings {
  readonly dir: string;
  readonly Date: DateConstructor;
  readonly fetch: typeof fetch;
  readonly onJudged: (seen: Seen) => void;
}

export type AnswerRequest = (request: Request, bindings: object) => Promise<Response>;

const JUDGES = { 'judge-device': 'device', 'judge-purchase': 'purchase' } as const;
const HOOKS = '__replay';
const clock = () => performance.now() * 1_000;
/** A replay refuses thousands; what the Worker calls an error is still shown. */
const QUIET = { ...console, log: ignore, info: ignore, debug: ignore, warn: ignore };

export async function loadWorker({ dir, ...hooks }: Surroundings): Promise<AnswerRequest> {
  mkdirSync(dir, { recursive: true });
  const outfile = join(dir, `worker-${process.pid}.mjs`);
  await build({
    ...workerBundle,
    outfile,
    banner: { js: `const { Date, fetch, console } = globalThis.${HOOKS};` },
    plugins: [watchJudges],
  });
  Object.assign(globalThis, { [HOOKS]: { ...hooks, console: QUIET, clock } });
  const bundle: { default: Bundled } = await import(pathToFileURL(outfile).href);
  return async function answer(request, bindings) {
    const deferred: Promise<unknown>[] = [];
    const context = {
      waitUntil: (work: Promise<unknown>) => void deferred.push(work),
      passThroughOnException: () => undefined,
    };
    const response = await bundle.default.fetch(request, bindings, context);
    await Promise.all(deferred);
    return response;
  };
}

function ignore(): void {
  // Told in the report.
}

interface Bundled {
  fetch(request: Request, bindings: object, context: object): Promise<Response>;
}

/** Puts a stopwatch around the two judges, which change nothing else. */
const watchJudges: Plugin = {
  name: 'watch-judges',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /judge-(device|purchase)\.ts$/ }, ({ path, resolveDir, importer }) => {
      const file = join(resolveDir, path);
      return importer.includes('?') ? { path: file } : { path: file, suffix: '?watched' };
    });
    onLoad({ filter: /judge-(device|purchase)\.ts$/ }, ({ path, suffix }) => {
      if (suffix !== '?watched') return undefined;
      const [name, at] = Object.entries(JUDGES).find(([part]) => path.includes(part)) ?? ['', ''];
      const judge = at === 'device' ? 'judgeDevice' : 'judgePurchase';
      const contents = `import { ${judge} as judge } from './${name}.ts?judge';
        export function ${judge}(evidence) {
          const { clock, onJudged } = globalThis.${HOOKS};
          const from = clock();
          const judgement = judge(evidence);
          const coldUs = clock() - from;
          judge(evidence);
          onJudged({ judgement, coldUs, busyUs: clock() - from - coldUs });
          return judgement;
        }`;
      return { contents, loader: 'js', resolveDir: join(path, '..') };
    });
    onResolve({ filter: /\?judge$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('?judge', '')),
    }));
  },
};
