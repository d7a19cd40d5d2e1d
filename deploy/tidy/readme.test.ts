// The README's tables against the code: what is not in both is wrong in one of them.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bridgeSettings } from '../../origin/bridge/config.ts';
import { cliSchema } from '../../origin/cli/config.ts';
import { originSchema } from '../../origin/config.ts';
import { edgeSchema } from '../../shared/edge-settings.ts';
import { edgeKeys, inventoryKeys } from '../../shared/keys.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');

function section(heading: string): string {
  const start = readme.indexOf(`${heading}\n`);
  const level = heading.slice(0, heading.indexOf(' ') + 1);
  const end = readme.slice(start + heading.length).search(new RegExp(`^(## |${level})`, 'm'));
  return start === -1
    ? ''
    : readme.slice(start, end === -1 ? undefined : start + heading.length + end);
}

function variablesOf(heading: string): string[] {
  const rows = section(heading)
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const names = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)]);
  return names.map(([, name = '']) => name).sort();
}

it('names every variable of the origin, and no other', () => {
  expect(variablesOf('### Origin')).toEqual(Object.keys(originSchema.entries).sort());
});

it('names every variable of the bridge, and no other', () => {
  const names = bridgeSettings().map((line) => line.trim().split(/\s/, 1)[0]);
  expect(variablesOf('### REST bridge')).toEqual(names.sort());
});

it('names every variable of commands, and no other', () => {
  expect(variablesOf('### Commands')).toEqual(Object.keys(cliSchema.entries).sort());
});

it('names every variable of the edge, and no other', () => {
  const names = Object.keys(edgeSchema.entries);
  expect(variablesOf('### Edge (Wrangler variables and secrets)')).toEqual(names.sort());
});

it('names every Redis key', () => {
  const parts = { skuId: 'sku', ulid: 'ulid' };
  const keys = [
    inventoryKeys.activity('sku'),
    inventoryKeys.stock('sku'),
    inventoryKeys.sold('sku'),
    inventoryKeys.sequence('sku'),
    inventoryKeys.outbox('sku'),
    inventoryKeys.pending('sku'),
    inventoryKeys.orders('sku'),
    inventoryKeys.orderStatus(parts),
    inventoryKeys.userPurchase('sku', 'user'),
    inventoryKeys.lapsed('sku'),
    inventoryKeys.replicated('sku'),
    inventoryKeys.dedup('orderId'),
    edgeKeys.tokenBucket('sku'),
    edgeKeys.tokenBucketLast('sku'),
    edgeKeys.tokenBucketRemainder('sku'),
    edgeKeys.entryBucket('sku'),
    edgeKeys.lineClock('sku'),
    edgeKeys.came('sku'),
    edgeKeys.callLog('sku'),
    edgeKeys.originLoad,
    edgeKeys.place('sku', 'user'),
    edgeKeys.origins,
    edgeKeys.saleStatus('sku'),
    edgeKeys.ipLimit,
    edgeKeys.ipCeiling('network', 0).replace(/0$/, 'second'),
    edgeKeys.facts(0, 'subject').replace('0', 'day'),
    edgeKeys.cadence('sku', 'user'),
    edgeKeys.devicePlaces('sku', 'xx'),
    edgeKeys.draw('sku'),
    edgeKeys.drawEntries('sku'),
    edgeKeys.proof('challenge'),
    edgeKeys.standing('user'),
    edgeKeys.explanation('reference'),
  ];
  expect(keys).toHaveLength(Object.keys({ ...inventoryKeys, ...edgeKeys }).length);
  const table = section('## Redis keys');
  for (const key of keys) expect(table).toContain(`\`${key}`);
});

it('gives a reason for every dependency', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  const table = section('## Dependencies');
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    if (!name.startsWith('@types/')) expect(table).toContain(name);
  }
});
