// A Redis that forgot its scripts, as after a restart: they are sent again, and nothing runs twice.
import { expect, it } from 'vitest';
import { attest, challengeOf, deviceTokenFor, newVisitor, solve } from './browser-under-test.ts';
import { putOnShelf } from './sale-on-shelf.ts';
import { newBuyer, openShop } from './shop.ts';

it('a proof shown then counts once: what rode along does not ride again', async () => {
  const shop = openShop({ PROOF_MAX_NUMBER: '200' });
  await deviceTokenFor(shop, await newVisitor());
  await shop.setRedis('forget');
  const visitor = await newVisitor();
  const proof = await solve(await challengeOf(shop, visitor));
  const before = (await shop.asked()).length;
  expect((await attest(shop, visitor, { proof })).status).toBe(200);
  // The limit and the facts by hash, then each by text; the list of origins is read anew beside them.
  const all = (await shop.asked()).slice(before);
  const asked = all.filter((commands) => commands.join() !== 'GET');
  expect(asked).toEqual([['EVALSHA', 'GET', 'EVALSHA', 'SET'], ['EVAL'], ['EVAL']]);
});

it('a purchase goes through', async () => {
  const shop = openShop();
  const { skuId } = await putOnShelf();
  await (await newBuyer()).buy(shop, skuId);
  await shop.setRedis('forget');
  expect((await (await newBuyer()).buy(shop, skuId)).status).toBe(201);
  await shop.setRedis('pass');
  const buyer = await newBuyer();
  expect((await buyer.buy(shop, skuId)).status).toBe(201);
});
