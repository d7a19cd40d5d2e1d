// The house rules that can be seen in one file: its name, its length, its lines.

export type SourceFile = { path: string; text: string };
export type Finding = { path: string; line: number; message: string };

const GENERATED = /\/generated\/|\/migrations\//;

const CODE_LINES = 250;
const LIMITS: { files: RegExp; lines: number }[] = [
  { files: /\.test\.ts$|\/test\/.*\.ts$/, lines: 300 },
  { files: /^lua\/include\/.*\.lua$/, lines: 30 },
  { files: /\.lua$/, lines: 80 },
  { files: /\.(ts|js|mjs|css|html|sh)$|^\.ci\/run$/, lines: CODE_LINES },
];

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/;
const EMPTY_WORDS = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'manager', 'index'];
const SERVICE_WORDS = ['service', 'services'];
/** Here a service is what the word says: a program that listens on a port. */
const HAS_SERVICES = /^deploy\/local\//;

type LineRule = { message: string; pattern: RegExp; files?: RegExp; except?: RegExp };

const CONFIGURED_HERE = /^deploy\/|^origin\/(cli\/|bridge\/|)config\.ts$|vitest\.config/;
const DEFAULT_EXPORTS = /^edge\/worker\.ts$|vitest\.config\.ts$/;
const SCRIPT = /\.(ts|js|mjs)$/;

const LINE_RULES: LineRule[] = [
  {
    message: 'the environment is read in config.ts',
    pattern: /\bprocess\.env\b/,
    except: CONFIGURED_HERE,
  },
  {
    message: 'no default export',
    pattern: /^export default\b/,
    files: SCRIPT,
    except: DEFAULT_EXPORTS,
  },
  { message: 'no `any`', pattern: /\bas any\b|:\s*any\b|<any>|\bany\[\]/, files: SCRIPT },
  {
    message: 'no silenced checker',
    pattern: /@ts-(ignore|nocheck|expect-error)|(biome|oxlint|eslint)-(ignore|disable)/,
  },
  { message: 'no reminder, do it or file an issue', pattern: /\b(TODO|FIXME|XXX)\b/ },
  {
    message: 'no skipped or focused test',
    pattern: /\.(skip|only|todo|skipIf|runIf)\(/,
    files: /\.test\.ts$/,
  },
  { message: 'no empty catch', pattern: /\bcatch\s*(\([^)]*\))?\s*\{\s*\}/, files: SCRIPT },
  {
    message: 'no swallowed rejection',
    pattern: /\.catch\(\s*\(\w*\)\s*=>\s*(\{\s*\}|undefined|null)\s*\)/,
    files: SCRIPT,
  },
  {
    message: 'keys of a script come from KEYS',
    pattern: /redis\.p?call\(\s*['"]\w+['"]\s*,\s*['"][^'"]*\{/,
    files: /\.lua$/,
  },
];

/** This folder has to spell out what it forbids. */
const SPELLS_OUT = /^deploy\/tidy\//;

export function checkFile(file: SourceFile): Finding[] {
  if (GENERATED.test(file.path)) return [];
  return [...checkName(file), ...checkLength(file), ...checkLines(file)];
}

function checkName({ path }: SourceFile): Finding[] {
  if (!/\.(ts|lua)$/.test(path)) return [];
  const finding = (message: string) => [{ path, line: 1, message }];
  const name = path.split('/').at(-1) ?? '';
  if (!KEBAB_CASE.test(name)) return finding('file names are kebab-case');
  const forbidden = HAS_SERVICES.test(path) ? EMPTY_WORDS : [...EMPTY_WORDS, ...SERVICE_WORDS];
  const lastWords = path.split('/').map((part) => part.split('.')[0]?.split('-').at(-1) ?? '');
  const empty = lastWords.find((word) => forbidden.includes(word));
  return empty === undefined ? [] : finding(`\`${empty}\` names no job`);
}

function checkLength({ path, text }: SourceFile): Finding[] {
  const limit = LIMITS.find(({ files }) => files.test(path))?.lines;
  const lines = text.trimEnd().split('\n').length;
  if (limit === undefined || lines <= limit) return [];
  return [{ path, line: limit + 1, message: `${lines} lines, at most ${limit}` }];
}

function checkLines({ path, text }: SourceFile): Finding[] {
  if (SPELLS_OUT.test(path) || !/\.(ts|js|mjs|lua|sh)$/.test(path)) return [];
  const rules = LINE_RULES.filter(
    ({ files, except }) => (files?.test(path) ?? true) && !except?.test(path),
  );
  return rules.flatMap(({ pattern, message }) =>
    [...text.matchAll(new RegExp(pattern, 'gm'))].map((match) => ({
      path,
      line: text.slice(0, match.index).split('\n').length,
      message,
    })),
  );
}
