// The house rules as a failing check: `file:line: rule` for each breach, run by `npm run check`.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkBorders, checkReachable } from './imports.ts';
import { checkFile, type SourceFile } from './rules.ts';

const CHECKED = /^(edge|origin|shared|lua|deploy)\/.*\.(ts|js|mjs|lua|css|html|sh)$|^\.ci\/run$/;

process.chdir(resolve(import.meta.dirname, '../..'));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const scripts = Object.values(manifest.scripts).map(String);
const files = sourceFiles();
const findings = [
  ...files.flatMap(checkFile),
  ...checkBorders(files),
  ...checkReachable(files, scripts),
];
for (const { path, line, message } of findings) console.log(`${path}:${line}: ${message}`);
console.log(`tidy: ${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;

/** What git tracks or would track; a file deleted in the work tree is still listed. */
function sourceFiles(): SourceFile[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  return execFileSync('git', list, { encoding: 'utf8' })
    .split('\0')
    .filter((path) => CHECKED.test(path) && existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}
