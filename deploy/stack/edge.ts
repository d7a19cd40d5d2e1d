// The Worker in bare workerd: bundled with esbuild, configured by a capnp text. Neither Miniflare
// nor wrangler stands between, so what is measured here is the Worker.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { freePort, LOOPBACK } from '../local/services/ports.ts';
import { launch, type Service } from '../local/services/service.ts';
import { PUBLIC, ROOT } from './places.ts';
import { workerBundle } from './worker-bundle.ts';

export interface EdgePlan {
  dir: string;
  port: number | undefined;
  /** The Worker's variables and secrets by name. */
  vars: Readonly<Record<string, string>>;
}

// The package exports the path of this platform's program, and no types.
export const workerd: { default: string } = createRequire(import.meta.url)('workerd');

const READY_WITHIN_MS = 20_000;
const ASKED_SKU = 'is_anybody_there';

export async function startEdge({ dir, vars, ...plan }: EdgePlan): Promise<Service> {
  mkdirSync(dir, { recursive: true });
  const port = plan.port ?? (await freePort());
  await bundleWorker(join(dir, 'worker.js'));
  const config = join(dir, 'workerd.capnp');
  writeFileSync(config, workerdConfig({ port, vars }));
  const url = `http://${LOOPBACK}:${port}`;
  return launch({
    name: 'edge',
    dir,
    port,
    command: workerd.default,
    args: ['serve', config],
    url,
    request: () => askEdge(url),
    readyWithinMs: READY_WITHIN_MS,
  });
}

async function bundleWorker(outfile: string): Promise<void> {
  await build({
    ...workerBundle,
    outfile,
  });
}

/** A sale that nobody knows: only a Worker that reached its Redis can say so. */
async function askEdge(url: string): Promise<void> {
  const answer = await fetch(`${url}/api/sales/${ASKED_SKU}`, {
    signal: AbortSignal.timeout(2_000),
  });
  const text = await answer.text();
  if (answer.status !== 404) throw new Error(`${answer.status} ${text.slice(0, 500)}`);
}

export function workerdConfig({ port, vars }: { port: number; vars: EdgePlan['vars'] }): string {
  const bindings = Object.entries(vars).map(
    ([name, text]) => `    (name = ${quote(name)}, text = ${quote(text)}),`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "page", disk = (path = ${quote(PUBLIC)})),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "${LOOPBACK}:${port}", http = (), service = "edge")],
);

const edge :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = ${quote(compatibilityDate())},
  bindings = [
    (name = "ASSETS", service = "page"),
${bindings.join('\n')}
  ],
);
`;
}

/** The date that is deployed: the same runtime behaviour here and there. */
function compatibilityDate(): string {
  const settings = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  const date = /^compatibility_date\s*=\s*"([\d-]+)"/m.exec(settings)?.[1];
  if (date === undefined) throw new Error('wrangler.toml names no compatibility_date');
  return date;
}

/** A capnp text literal; its escapes are those of JSON for what stands in settings. */
function quote(text: string): string {
  return JSON.stringify(text);
}
