import { expect, it } from 'vitest';
import { positionOf } from './position.ts';

const applied = { epoch: 2, seq: 5 };
type Type = 'reserved' | 'epoch';

it.each<[Type, number, number, string]>([
  ['reserved', 2, 6, 'next'],
  ['reserved', 2, 5, 'known'],
  ['reserved', 2, 0, 'known'],
  ['reserved', 2, 7, 'gap'],
  ['reserved', 1, 6, 'older'],
  ['reserved', 3, 1, 'gap'],
  ['epoch', 3, 0, 'opens'],
  ['epoch', 9, 0, 'opens'],
  ['epoch', 2, 0, 'known'],
  ['epoch', 2, 6, 'known'],
  ['epoch', 1, 0, 'older'],
])('places %s %i-%i behind 2-5: %s', (type, epoch, seq, position) => {
  expect(positionOf({ type, epoch, seq }, applied)).toBe(position);
});
