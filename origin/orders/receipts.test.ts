import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createReceipts } from './receipts.ts';

const receipt = {
  orderId: 'sku_1-01ARZ3NDEKTSV4RRFFQ69G5FAV',
  activityId: '01ARZ3NDEKTSV4RRFFQ69G5FAW',
  userId: 'user-1',
  quantity: 1,
  epoch: 1,
  seq: 7,
  createdAt: 1_762_862_400_000,
};
const receipts = createReceipts('a-secret-of-receipts');

it('is read back by the secret that signed it, and by no other', () => {
  const text = receipts.sign(receipt);
  expect(receipts.read(text)).toEqual(receipt);
  expect(createReceipts('another-secret-here').read(text)).toBeUndefined();
});

it('is nothing with any one character changed', () => {
  const text = receipts.sign(receipt);
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), fc.constantFrom(...'Aa0_-.'), (at, char) => {
      const changed = text.slice(0, at) + char + text.slice(at + 1);
      // The last character of base64url carries bits that no byte uses.
      const isSame = changed.slice(0, -1) === text.slice(0, -1);
      if (!isSame) expect(receipts.read(changed)).toBeUndefined();
    }),
  );
});

it('is nothing when it is any other text', () => {
  fc.assert(fc.property(fc.string(), (text) => receipts.read(text) === undefined));
});
