// Reads the scripts of `lua/` once, at the start, with their includes put in.
import { readdirSync, readFileSync } from 'node:fs';
import { composeScript } from '../../shared/script.ts';
import { loadScript, type Script } from './script.ts';

const FOLDER = new URL('../../lua/', import.meta.url);

const includes = Object.fromEntries(
  readdirSync(new URL('include/', FOLDER))
    .filter((file) => file.endsWith('.lua'))
    .map((file) => [file.slice(0, -4), readFileSync(new URL(`include/${file}`, FOLDER), 'utf8')]),
);

/** The script of `lua/<name>.lua`; throws when there is none. */
export function luaScript(name: string): Script {
  return loadScript(
    name,
    composeScript(readFileSync(new URL(`${name}.lua`, FOLDER), 'utf8'), includes),
  );
}
