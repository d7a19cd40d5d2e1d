// Builds the buyer's page into edge/page/public: scripts and styles bundled, the rest copied as it is;
// and beside it the API's document, for machines and for people.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { readBuildInfo } from '../../origin/actuator/build-info.ts';
import { openApiDocument } from '../../origin/openapi/document.ts';
import { apiPage, apiStyle } from '../../origin/openapi/page.ts';
import { PAGE, PUBLIC } from './places.ts';

const BUNDLED = ['page.css', 'index-page.ts', 'sale-page.ts', 'proof-thread.ts', 'timer-thread.ts'];
const COPIED = /\.(html|svg)$/;

export async function buildPage(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: BUNDLED.map((name) => join(PAGE, name)),
    outdir: join(PUBLIC, 'assets'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    write: false,
  });
  for (const file of outputFiles) put(relative(PUBLIC, file.path), Buffer.from(file.contents));
  for (const name of readdirSync(PAGE).filter((name) => COPIED.test(name))) {
    put(name.endsWith('.html') ? name : join('assets', name), readFileSync(join(PAGE, name)));
  }
  const { version } = readBuildInfo();
  put('openapi.json', Buffer.from(JSON.stringify(openApiDocument(version))));
  put('docs.html', Buffer.from(apiPage(version)));
  put('docs.css', Buffer.from(apiStyle));
}

/** Renamed into place, for a stack that runs may serve the file at this moment. */
function put(name: string, contents: Buffer): void {
  const path = join(PUBLIC, name);
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}

if (import.meta.main) await buildPage();
