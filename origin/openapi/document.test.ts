import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { PROBLEMS } from '../../shared/problem-table.ts';
import { OPERATIONS, openApiDocument, slugsByStatus } from './document.ts';
import { apiPage } from './page.ts';

/** Every call of the contract. */
const CALLS = [
  'post /api/seckill/{skuId}',
  'get /api/seckill/queue/{ticket}',
  'get /api/seckill/status/{orderId}',
  'post /api/orders/{orderId}/cancel',
  'post /api/receipts',
  'get /api/sales/{skuId}',
  'get /api/sales/{skuId}/draw',
  'get /api/challenge',
  'post /api/device',
  'post /api/dev/token',
  'post /api/payments/callback',
  'post /api/activities',
  'get /api/activities',
  'get /api/activities/{activityId}',
  'put /api/activities/{activityId}',
  'delete /api/activities/{activityId}',
  'post /api/activities/{activityId}/pause',
  'post /api/activities/{activityId}/resume',
  'post /api/activities/{activityId}/end',
];

const document = openApiDocument('1.2.3');
const text = JSON.stringify(document);

it('tells every call of the contract', () => {
  const told = OPERATIONS.map(({ method, path }) => `${method} ${path}`);
  expect(told.toSorted()).toEqual(CALLS.toSorted());
});

it('tells every problem of the contract under its status, and no other', () => {
  const told = new Set<string>();
  for (const operation of OPERATIONS) {
    for (const [status, slugs] of slugsByStatus(operation)) {
      for (const slug of slugs) told.add(`${status} ${slug}`);
    }
  }
  const known = [...PROBLEMS.values()].map(({ status, slug }) => `${status} ${slug}`);
  expect([...told].toSorted()).toEqual([...new Set(known)].toSorted());
});

it('names only what it holds', () => {
  const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(refs.length).toBeGreaterThan(0);
  for (const name of new Set(refs)) {
    expect(document).toHaveProperty(['components', 'schemas', name ?? '']);
  }
  const ids = OPERATIONS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('has schemas that a validator understands', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', ...document });
  for (const name of ['Activity', 'Place', 'Problem', 'Sale']) {
    const validate = ajv.getSchema(`api#/components/schemas/${name}`);
    expect(validate?.({})).toBe(false);
  }
});

it('has a page for people that needs nothing from elsewhere and runs nothing', () => {
  const page = apiPage('1.2.3');
  expect(page).not.toMatch(/<script|https?:|style=|\son\w+=/i);
  for (const { id, path } of OPERATIONS) {
    expect(page).toContain(`id="${id}"`);
    expect(page).toContain(path);
  }
});
