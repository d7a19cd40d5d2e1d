import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mintUlid, orderIdOf, parseOrderId } from './order-id.ts';
import { parseReceiptPayload, receiptPayload } from './receipt.ts';
import { parseTicketPayload, ticketPayload } from './ticket.ts';

const skuId = fc.stringMatching(/^[A-Za-z0-9_]{1,32}$/);
const userId = fc.stringMatching(/^[A-Za-z0-9_.@:|-]{1,128}$/);
const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const ulid = fc.integer({ min: 0, max: 2 ** 47 }).map((ms) => mintUlid(ms));

describe('an order id', () => {
  it('is read back as it was made', () => {
    fc.assert(
      fc.property(skuId, ulid, (sku, id) => {
        const parts = { skuId: sku, ulid: id };
        expect(parseOrderId(orderIdOf(parts))).toEqual(parts);
      }),
    );
  });

  it('is nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseOrderId(text)).toBeUndefined();
      }),
    );
    expect(parseOrderId('sku 1-01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBeUndefined();
    expect(parseOrderId('sku1-01arz3ndektsv4rrffq69g5fav')).toBeUndefined();
    expect(parseOrderId('-01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBeUndefined();
  });
});

describe('a ticket', () => {
  it('is read back as it was made', () => {
    fc.assert(
      fc.property(
        skuId,
        ulid,
        fc.string(),
        fc.string(),
        count,
        count,
        fc.option(count),
        (sku, id, activityId, userHash, turn, until, entry) => {
          const ticket = { skuId: sku, ulid: id, activityId, userHash, turn, until, entry };
          expect(parseTicketPayload(ticketPayload(ticket))).toEqual(ticket);
        },
      ),
    );
  });

  it('is nothing else', () => {
    fc.assert(fc.property(fc.json(), (text) => parseTicketPayload(text) === undefined));
  });
});

describe('a receipt', () => {
  it('is read back as it was made', () => {
    fc.assert(
      fc.property(
        skuId,
        ulid,
        userId,
        fc.string(),
        fc.tuple(count, count, count, count),
        (sku, id, user, activityId, numbers) => {
          const [quantity, epoch, seq, createdAt] = numbers;
          const orderId = orderIdOf({ skuId: sku, ulid: id });
          const receipt = { orderId, activityId, userId: user, quantity, epoch, seq, createdAt };
          expect(parseReceiptPayload(receiptPayload(receipt))).toEqual(receipt);
        },
      ),
    );
  });

  it('is nothing else', () => {
    fc.assert(fc.property(fc.json(), (text) => parseReceiptPayload(text) === undefined));
    const orderId = 'sku1-01ARZ3NDEKTSV4RRFFQ69G5FAV';
    expect(
      parseReceiptPayload(JSON.stringify([orderId, 'a', 'u', 1, -1, 1, 1, 1])),
    ).toBeUndefined();
    expect(parseReceiptPayload(JSON.stringify([orderId, 'a', 'u', 1, -1, 1, 1]))).toBeUndefined();
  });
});
