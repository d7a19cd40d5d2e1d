// Live settings of the embedded stack: a JSON object of texts by name in a file, which need not be
// there. Written beside and moved into place, so that no reader ever sees half of it.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { pauseFor } from '../backoff.ts';
import type { Log } from '../log.ts';
import { createOutage } from '../outage.ts';
import { authorsOf, signedText } from './authors.ts';
import type { Author, SettingsSource, SettingTexts } from './live-settings.ts';

const READ_EVERY_MS = 500;
const MAX_LENGTH = 65_536;
const textsSchema = v.record(v.string(), v.string());

/** Rejects when the file is there and cannot be read as such an object. */
export async function readSettingsFile(file: string): Promise<ReadonlyMap<string, string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  if (text.length > MAX_LENGTH) throw new Error(`${file} is longer than ${MAX_LENGTH} characters`);
  return new Map(Object.entries(v.parse(textsSchema, JSON.parse(text))));
}

const signedFile = (file: string): string => `${file}.by`;

/** One setting, and beside it who set it; undefined: its default. */
export async function changeSettingsFile(
  file: string,
  { name, text }: { readonly name: string; readonly text: string | undefined },
  author: Author,
): Promise<void> {
  const texts = new Map(await readSettingsFile(file));
  if (text === undefined) texts.delete(name);
  else texts.set(name, text);
  const signed = new Map(await readBeside(signedFile(file)));
  writeSettingsFile(signedFile(file), signed.set(name, signedText(author, text)));
  writeSettingsFile(file, texts);
}

export function writeSettingsFile(file: string, texts: ReadonlyMap<string, string>): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(Object.fromEntries(texts), null, 2)}\n`);
  renameSync(unfinished, file);
}

/** A file of ours that was damaged is written anew. */
async function readBeside(file: string): Promise<SettingTexts> {
  try {
    return await readSettingsFile(file);
  } catch {
    return new Map();
  }
}

export function fileSettingsSource(file: string, log: Log): SettingsSource {
  const keptFile = `${file}.kept`;
  return {
    async keep(name, text) {
      const texts = new Map(await readBeside(keptFile));
      if (text === undefined) texts.delete(name);
      else texts.set(name, text);
      writeSettingsFile(keptFile, texts);
    },
    async watch(onReading, signal) {
      const outage = createOutage(log, 'the file of live settings');
      while (!signal.aborted) {
        try {
          const texts = await readSettingsFile(file);
          const kept = await readBeside(keptFile);
          onReading({ texts, kept, authors: authorsOf(texts, await readBeside(signedFile(file))) });
          outage.ended();
        } catch (error) {
          outage.began(error);
        }
        await pauseFor(READ_EVERY_MS, signal);
      }
    },
  };
}
