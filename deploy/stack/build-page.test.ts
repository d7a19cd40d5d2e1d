import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { english } from '../../edge/page/words/english.ts';
import { buildPage } from './build-page.ts';
import { PAGE, PUBLIC } from './places.ts';

const MOST_BYTES = 40 * 1024;

/** Everything that a first visit to a sale may load, its two kinds of threads included. */
const loaded = [
  'sale.html',
  'page.css',
  'icon.svg',
  'sale-page.js',
  'proof-thread.js',
  'timer-thread.js',
];

test('a first load is 40 KiB at most, compressed', async () => {
  await buildPage();
  const pathOf = (name: string) => join(PUBLIC, name.endsWith('.html') ? '' : 'assets', name);
  const sizes = loaded.map((name) => gzipSync(readFileSync(pathOf(name))).length);
  console.log(`first load: ${sizes.reduce((total, size) => total + size, 0)} bytes`);
  expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThanOrEqual(MOST_BYTES);
});

test('the page has no file that the count above leaves out', async () => {
  await buildPage();
  const assets = readdirSync(join(PUBLIC, 'assets'));
  const ofSale = assets.filter((name) => !/^(index-page|console)/.test(name));
  expect(ofSale.filter((name) => !/\.\d+$/.test(name)).sort()).toEqual(loaded.slice(1).sort());
});

test('what stands in the markup are the words of the first language', () => {
  const html = ['sale.html', 'index.html'].map((name) => readFileSync(join(PAGE, name), 'utf8'));
  const texts = html.flatMap((text) => [...text.matchAll(/data-word="(\w+)"[^<>]*>([^<]*)</g)]);
  const labels = html.flatMap((text) => [...text.matchAll(/data-label="(\w+)"/g)]);
  expect(texts.length).toBeGreaterThan(10);
  for (const [, name = '', text] of texts) expect(Reflect.get(english, name), name).toBe(text);
  for (const [, name = ''] of labels) expect(Reflect.get(english, name), name).toBeTypeOf('string');
});
