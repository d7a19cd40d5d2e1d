import { expect, it } from 'vitest';
import { decodeText } from '../base64url.ts';
import { createHmac } from '../hmac.ts';
import { createUserHash } from '../identity/user-key.ts';
import { entryWithReceipt, leafOf } from './entry-receipt.ts';
import { createTickets } from './ticket.ts';

const hmac = createHmac('a-secret-of-tickets');
const activity = { skuId: 'lamp', activityId: 'activity-1' };

it('a leaf is the user’s hash in other digits, another in each activity', async () => {
  const userHashOf = createUserHash('a-secret-of-tickets');
  const leaf = async (activityId: string) => leafOf(await userHashOf({ userId: 'u', activityId }));
  expect(await leaf('one')).toMatch(/^[0-9a-f]{32}$/);
  expect(await leaf('two')).not.toBe(await leaf('one'));
  expect(leafOf('AAECAwQFBgcICQoLDA0ODw')).toBe('000102030405060708090a0b0c0d0e0f');
});

it('a receipt says which entry it is of, under a signature that is no ticket’s', async () => {
  const leaf = 'ab'.repeat(16);
  const entry = await entryWithReceipt(hmac, { ...activity, index: 3, leaf });
  const [word, payload = '', signature, ...rest] = entry.receipt.split('.');
  expect([entry.index, entry.leaf, word, rest]).toEqual([3, leaf, 'entry', []]);
  expect(decodeText(payload)).toBe(JSON.stringify(['lamp', 'activity-1', 3, leaf]));
  const other = await entryWithReceipt(hmac, { ...activity, index: 4, leaf });
  expect(other.receipt.split('.')[2]).not.toBe(signature);
  const tickets = createTickets('a-secret-of-tickets');
  expect(await tickets.verify(entry.receipt)).toBeUndefined();
  expect(await tickets.verify(entry.receipt.replace(/^entry/, '1'))).toBeUndefined();
});
