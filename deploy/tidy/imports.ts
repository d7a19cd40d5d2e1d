// Who may import what, and which files nobody can reach.
import { dirname, join, normalize } from 'node:path';
import type { Finding, SourceFile } from './rules.ts';

/** Each library with a home is imported in that home alone, so that it can be replaced there. */
const HOMES: Record<string, string[]> = {
  kafkajs: ['origin/order-log/kafka/'],
  ioredis: ['origin/redis/', 'origin/bridge/'],
  etcd3: ['origin/etcd/'],
  '@mikro-orm': ['origin/store/'],
};

/** What the files of a part may import of the others; tests may also use the local services. */
const BORDERS: Record<string, string[]> = {
  edge: ['edge', 'shared', 'lua'],
  origin: ['origin', 'shared', 'lua'],
  shared: ['shared'],
};
const SHARED_PACKAGES = ['valibot', 'ulid', '@bufbuild/protobuf'];

/** Started by something that is no import: a bundler, a parent process, a person. */
const ENTRIES = [
  /^edge\/worker\.ts$/,
  /^edge\/page\/[^/]+\.ts$/,
  /^edge\/console\/[^/]+\.ts$/,
  /^origin\/server\.ts$/,
  /^origin\/bridge\/server\.ts$/,
  /^origin\/cli\/cli\.ts$/,
  /^origin\/store\/store-process\.ts$/,
  /^deploy\/.*(?<!\.test)\.ts$/,
];
const MAY_BE_DEAD = /\.test\.ts$|\/test\/|\.d\.ts$|vitest\.config\.ts$|\/generated\//;

const SPECIFIER = /\b(?:from|import|new URL)\s*\(?\s*['"]([^'"\n]+)['"]/g;

type Import = { specifier: string; line: number };

function importsOf(file: SourceFile): Import[] {
  return [...file.text.matchAll(SPECIFIER)].map((match) => ({
    specifier: match[1] ?? '',
    line: file.text.slice(0, match.index).split('\n').length,
  }));
}

const isTest = (path: string) => /\.test\.ts$|\/test\//.test(path);
const partOf = (path: string) => path.split('/')[0] ?? '';
const resolveFrom = (path: string, specifier: string) =>
  normalize(join(dirname(path), specifier.replace(/\?.*$/, '')));

export function checkBorders(files: SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => path.endsWith('.ts') && partOf(path) in BORDERS)
    .flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line }) => {
        const message = specifier.startsWith('.')
          ? crossing(file.path, resolveFrom(file.path, specifier))
          : misplaced(file.path, specifier);
        return message === undefined ? [] : [{ path: file.path, line, message }];
      }),
    );
}

function crossing(path: string, target: string): string | undefined {
  const allowed = BORDERS[partOf(path)] ?? [];
  const reachable = isTest(path) ? [...allowed, 'deploy', 'lua', 'origin'] : allowed;
  if (reachable.includes(partOf(target))) return undefined;
  return `${partOf(path)} imports only ${allowed.join(', ')}, not ${target}`;
}

function misplaced(path: string, specifier: string): string | undefined {
  if (isTest(path)) return undefined;
  const [library, homes] =
    Object.entries(HOMES).find(
      ([name]) => specifier === name || specifier.startsWith(`${name}/`),
    ) ?? [];
  if (homes !== undefined && !homes.some((home) => path.startsWith(home))) {
    return `${library} is imported only in ${homes.join(', ')}`;
  }
  const [name = '', scoped = ''] = specifier.split('/');
  const packageName = name.startsWith('@') ? `${name}/${scoped}` : name;
  if (partOf(path) === 'shared' && !SHARED_PACKAGES.includes(packageName)) {
    return `shared imports only ${SHARED_PACKAGES.join(', ')}, not ${specifier}`;
  }
  return undefined;
}

/** Files that no entry point, no script of package.json and no tool leads to. */
export function checkReachable(files: SourceFile[], scripts: string[]): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const named = scripts.flatMap((script) => script.match(/\S+\.ts\b/g) ?? []);
  const queue = files
    .map(({ path }) => path)
    .filter((path) => named.includes(path) || ENTRIES.some((entry) => entry.test(path)));
  const reached = new Set(queue);
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path);
    for (const { specifier } of file === undefined ? [] : importsOf(file)) {
      const target = resolveFrom(path, specifier);
      if (!specifier.startsWith('.') || reached.has(target) || !byPath.has(target)) continue;
      reached.add(target);
      queue.push(target);
    }
  }
  return files
    .filter(({ path }) => path.endsWith('.ts') && partOf(path) in BORDERS)
    .filter(({ path }) => !MAY_BE_DEAD.test(path) && !reached.has(path))
    .map(({ path }) => ({ path, line: 1, message: 'no entry point leads to this file' }));
}
