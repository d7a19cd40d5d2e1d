// Upstash's clients start their scripts with `#!lua flags=allow-key-locking`, a flag that only
// Upstash knows, and call them by the hash of that text. Redis gets the text without the flag,
// which has another hash; this map leads from the client's hash to that one.
import { hash } from 'node:crypto';
import type { Argument, Command } from './command.ts';

/** What to send for a command, and the answer to give in place of Redis's where they differ. */
export interface Translation {
  readonly command: Command;
  readonly answer?: string;
}

export interface Scripts {
  translate(command: Command): Translation;
}

const FOREIGN_FLAG = 'allow-key-locking';

/**
 * Remembers at most `limit` hashes, the least recently used go first. A forgotten one costs its
 * client one NOSCRIPT and one EVAL, which brings it back.
 */
export function createScripts(limit: number): Scripts {
  const hashes = new Map<string, string>();

  function adopt(source: string): { source: string; hash: string } {
    const accepted = withoutForeignFlag(source);
    const clientHash = hash('sha1', source);
    if (accepted !== source) remember(clientHash, hash('sha1', accepted));
    return { source: accepted, hash: clientHash };
  }

  function remember(clientHash: string, realHash: string): void {
    hashes.delete(clientHash);
    hashes.set(clientHash, realHash);
    const [oldest] = hashes.keys();
    if (hashes.size > limit && oldest !== undefined) hashes.delete(oldest);
  }

  function realHash(argument: Argument): string {
    const clientHash = argument.toString().toLowerCase();
    const known = hashes.get(clientHash);
    if (known === undefined) return clientHash;
    remember(clientHash, known);
    return known;
  }

  return {
    translate(command) {
      const [first, ...rest] = command.args;
      if (first === undefined) return { command };
      switch (command.name) {
        case 'EVALSHA':
          return { command: { name: command.name, args: [realHash(first), ...rest] } };
        case 'EVAL': {
          const source = first.toString();
          if (!source.startsWith('#!')) return { command };
          return { command: { name: command.name, args: [adopt(source).source, ...rest] } };
        }
        case 'SCRIPT': {
          if (first.toString().toUpperCase() === 'EXISTS') {
            return { command: { name: command.name, args: [first, ...rest.map(realHash)] } };
          }
          const source = rest[0]?.toString() ?? '';
          if (!source.startsWith('#!')) return { command };
          const adopted = adopt(source);
          const args = [first, adopted.source, ...rest.slice(1)];
          return { command: { name: command.name, args }, answer: adopted.hash };
        }
        default:
          return { command };
      }
    },
  };
}

/**
 * Takes the foreign flag out of the first line; a line that said nothing else becomes empty, so
 * that the numbers of the lines in Redis's error texts stay right.
 */
export function withoutForeignFlag(source: string): string {
  const end = source.indexOf('\n');
  const line = end < 0 ? source : source.slice(0, end);
  const match = /^#!lua((?:\s+\S+)*)\s*$/.exec(line);
  if (!match) return source;
  const options = (match[1] ?? '').split(/\s+/).filter((option) => option !== '');
  const kept = options.map(withoutFlag).filter((option) => option !== '');
  if (kept.join(' ') === options.join(' ')) return source;
  const rest = end < 0 ? '' : source.slice(end);
  return kept.length === 0 ? rest : `#!lua ${kept.join(' ')}${rest}`;
}

function withoutFlag(option: string): string {
  if (!option.startsWith('flags=')) return option;
  const flags = option.slice('flags='.length).split(',');
  const kept = flags.filter((flag) => flag !== FOREIGN_FLAG);
  if (kept.length === flags.length) return option;
  return kept.length === 0 ? '' : `flags=${kept.join(',')}`;
}
