// POST /api/device: the way back is bounded, and told why to operators only.
import { expect, it } from 'vitest';
import { edgeKeys } from '../../../shared/keys.ts';
import { createFactNames } from '../../facts/fact-names.ts';
import { attest, automatedDevice, challengeOf, newVisitor, solve } from '../browser-under-test.ts';
import { openShop, redis, SECRETS, type Shop } from '../shop.ts';
import { until } from '../until.ts';

const names = createFactNames(SECRETS.DEVICE_SECRET);

/** Somebody who was refused solves a stronger challenge with this device. */
async function comeBack(shop: Shop, device: ReturnType<typeof automatedDevice>): Promise<Response> {
  const visitor = await newVisitor();
  await redis('SET', edgeKeys.standing(await names.user(visitor.userId)), '1 0', 'EX', 60);
  const challenge = await challengeOf(shop, visitor);
  expect(challenge.salt).toContain('level=strong');
  return attest(shop, visitor, { device, proof: await solve(challenge) });
}

it('six accounts a day come back on one device, and no seventh', async () => {
  const shop = openShop({ PROOF_MAX_NUMBER: '100' });
  const device = automatedDevice();
  for (let account = 0; account < 6; account += 1) {
    expect((await comeBack(shop, device)).status).toBe(200);
  }
  const refused = await comeBack(shop, device);
  expect(refused.status).toBe(403);
  const body = await refused.json<{ type: string; reference: string }>();
  expect(body.type).toBe('/problems/refused');
  const key = edgeKeys.explanation(body.reference);
  const kept = String(
    await until(
      () => redis('GET', key),
      (text) => text !== null,
    ),
  );
  expect(JSON.parse(kept)).toMatchObject({ stage: 'device', level: 'strong' });
  expect((await comeBack(shop, automatedDevice())).status).toBe(200);
});
