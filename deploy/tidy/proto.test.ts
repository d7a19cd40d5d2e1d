// The generated gRPC code is what `npm run proto` makes of the .proto files.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const PROTO = join(ROOT, 'shared/proto');

it('is up to date', () => {
  const out = mkdtempSync(join(tmpdir(), 'proto-'));
  try {
    const path = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
    const env = { ...process.env, PATH: path };
    execFileSync('buf', ['generate', '.', '--output', out], { cwd: PROTO, env });
    expect(filesIn(join(PROTO, 'generated'))).toEqual(filesIn(join(out, 'generated')));
  } finally {
    rmSync(out, { recursive: true });
  }
});

function filesIn(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.sort().map((file) => [file.slice(dir.length), readFileSync(file, 'utf8')]),
  );
}
