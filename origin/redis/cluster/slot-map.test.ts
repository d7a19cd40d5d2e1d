import { expect, it } from 'vitest';
import { edgeKeys, inventoryKeys } from '../../../shared/keys.ts';
import { parseSeeds, parseSlotMap, slotOf } from './slot-map.ts';

const ASKED = { host: 'asked', port: 7_000 };

it('reads which server holds which slots; one without an address is the one that was asked', () => {
  const reply = [
    [0, 99, ['a', 7_001, 'id-a', []], ['replica', 7_009, 'id-r', []]],
    [100, 100, [null, 7_000, 'id-b', []]],
    [200, 16_383, ['a', 7_001, 'id-a', []]],
  ];
  const { nodes, bySlot } = parseSlotMap(reply, ASKED);
  expect([...nodes]).toEqual([
    ['a:7001', { host: 'a', port: 7_001 }],
    ['asked:7000', { host: 'asked', port: 7_000 }],
  ]);
  expect([0, 99, 100, 101, 199, 200, 16_383].map((slot) => bySlot[slot])).toEqual([
    ...['a:7001', 'a:7001', 'asked:7000', undefined, undefined, 'a:7001', 'a:7001'],
  ]);
  expect(parseSlotMap([], ASKED).nodes.size).toBe(0);
  expect(() => parseSlotMap('OK', ASKED)).toThrow('no list');
});

it('takes several seeds, each with a port of its own if any', () => {
  expect(parseSeeds({ host: 'a,b:7001,10.0.0.1', port: 6_379 })).toEqual([
    { host: 'a', port: 6_379 },
    { host: 'b', port: 7_001 },
    { host: '10.0.0.1', port: 6_379 },
  ]);
});

it('puts all keys of a SKU into one slot, the line’s and the units’', () => {
  const skuId = 'lamp-1';
  const keys = [
    ...([
      'activity',
      'stock',
      'sold',
      'sequence',
      'outbox',
      'pending',
      'orders',
      'lapsed',
    ] as const),
  ].map((name) => inventoryKeys[name](skuId));
  keys.push(inventoryKeys.userPurchase(skuId, 'ann'), inventoryKeys.replicated(skuId));
  keys.push(inventoryKeys.orderStatus({ skuId, ulid: '01M849DM2PXND9NT5BTTT5TAR1' }));
  keys.push(edgeKeys.place(skuId, 'ann'), edgeKeys.cadence(skuId, 'ann'), edgeKeys.draw(skuId));
  keys.push(edgeKeys.devicePlaces(skuId, 'device'), edgeKeys.saleStatus(skuId));
  for (const name of ['tokenBucket', 'entryBucket', 'lineClock', 'came', 'callLog'] as const) {
    keys.push(edgeKeys[name](skuId));
  }
  expect(new Set(keys.map(slotOf))).toEqual(new Set([slotOf(skuId)]));
});
