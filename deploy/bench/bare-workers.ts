// What the edge is measured against, in the same workerd with the same settings.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { freePort, LOOPBACK } from '../local/services/ports.ts';
import { launch, type Service } from '../local/services/service.ts';
import { workerd, workerdConfig } from '../stack/edge.ts';
import { ROOT } from '../stack/places.ts';
import { workerBundle } from '../stack/worker-bundle.ts';

/** A Hono app that answers everything with a constant. */
export const CONSTANT = `
import { Hono } from 'hono';
const app = new Hono();
app.all('*', (c) => c.json({ state: 'QUEUED', position: 1, pollAfterSeconds: 5 }));
export { app as default };
`;

/** Passes a request on: two questions to the bridge, then the call itself. */
export const PROXY = `
const worker = {
  async fetch(request, env) {
    const body = await request.text();
    const headers = { authorization: 'Bearer ' + env.REDIS_REST_TOKEN };
    const url = env.REDIS_REST_URL + '/pipeline';
    for (const _ of [1, 2]) {
      const asked = await fetch(url, { method: 'POST', headers, body: '[["ping"]]' });
      await asked.text();
    }
    const onward = await fetch(env.ORIGIN_FALLBACK + new URL(request.url).pathname, {
      method: 'POST',
      body,
    });
    return new Response(await onward.text(), { status: onward.status });
  },
};
export { worker as default };
`;

const READY_WITHIN_MS = 10_000;

export async function startBareWorker(plan: {
  readonly dir: string;
  readonly source: string;
  readonly vars: Readonly<Record<string, string>>;
}): Promise<Service> {
  const { dir, source, vars } = plan;
  mkdirSync(dir, { recursive: true });
  const { entryPoints: _entries, ...options } = workerBundle;
  const stdin = { contents: source, resolveDir: ROOT };
  await build({ ...options, stdin, outfile: join(dir, 'worker.js') });
  const port = await freePort();
  const config = join(dir, 'workerd.capnp');
  writeFileSync(config, workerdConfig({ port, vars }));
  const url = `http://${LOOPBACK}:${port}`;
  return launch({
    name: 'bare',
    dir,
    port,
    command: workerd.default,
    args: ['serve', config],
    url,
    request: async () => {
      await (await fetch(url, { method: 'POST', body: '{}' })).text();
    },
    readyWithinMs: READY_WITHIN_MS,
  });
}
