import { expect, it } from 'vitest';
import { gapsOf } from './purchase-facts.ts';

it('gaps are told by the least, the middle and how much they vary', () => {
  expect(gapsOf([])).toBeNull();
  expect(gapsOf([100])).toEqual({ minMs: 100, medianMs: 100, variation: 0 });
  expect(gapsOf([300, 100])).toEqual({ minMs: 100, medianMs: 200, variation: 0.5 });
  expect(gapsOf([0, 0, 0])).toEqual({ minMs: 0, medianMs: 0, variation: 0 });
});
