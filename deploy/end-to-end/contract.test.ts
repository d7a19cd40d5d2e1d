// Every operation of the document, called with valid and hostile requests on the real stack: only
// documented statuses and bodies come back, and never a 500.
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { OPERATIONS, openApiDocument } from '../../origin/openapi/document.ts';
import type { Operation } from '../../origin/openapi/operation.ts';
import { birthOf } from '../local/services/process.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { buy, openSale, tokenOf } from './client.ts';
import { type DrawnRequest, type Known, requestsTo } from './contract-requests.ts';
import { axeFaults, openChromium } from './page-visit.ts';
import { freshAddress, freshName, purchaseHeaders, send } from './send.ts';

const RUNS = 100;
const WITHIN_MS = 10_000;

let stack: Stack;
let known: Known;
let births: (string | undefined)[];
const document = openApiDocument('test');
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'api', ...document });

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('contract'));
  stack = await startStack({ kind: 'embedded', dir, secrets: makeSecrets() });
  births = Object.values(stack.pids()).map(birthOf);
  const { edge } = stack;
  const sale = await openSale(edge, { stock: 1_000 });
  const slow = await openSale(edge, { ratePerSecond: 1, capacity: 1 });
  const [buyer, other, admin] = await Promise.all([
    tokenOf(edge, freshName('buyer')),
    tokenOf(edge, freshName('buyer')),
    tokenOf(edge, freshName('admin'), 'admin'),
  ]);
  const bought = await buy({ edge, skuId: sale.skuId, token: buyer });
  await buy({ edge, skuId: slow.skuId, token: other });
  const placed = await send(`${edge}/api/seckill/${slow.skuId}`, { token: buyer, body: {} });
  known = {
    skuIds: [String(sale.skuId), String(slow.skuId)],
    orderIds: [String(bought.body.orderId)],
    activityIds: [String(slow.activityId)],
    tickets: [String(placed.body.ticket ?? 'x')],
    tokens: { buyer, admin },
  };
}, 120_000);
afterAll(() => stack.stop());

test.for(OPERATIONS.map((operation): [string, Operation] => [operation.id, operation]))(
  '%s answers as documented',
  { timeout: 120_000 },
  async ([, operation]) => {
    await fc.assert(
      fc.asyncProperty(requestsTo(operation, known), async (request) => {
        await expectDocumented(operation, request);
      }),
      { numRuns: RUNS },
    );
    expect(Object.values(stack.pids()).map(birthOf)).toEqual(births);
  },
);

test('the document and its page are served at the edge', async () => {
  const served = await send(`${stack.edge}/openapi.json`);
  expect(served.status).toBe(200);
  expect(served.body.paths).toEqual(document.paths);
  const page = await fetch(`${stack.edge}/docs`);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('id="purchase"');
  const direct = await send(`${stack.origin}/openapi.json`);
  expect(direct.body.paths).toEqual(document.paths);
});

test('the page is readable for everybody, by day and by night', async () => {
  const browser = await openChromium();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ bypassCSP: true, colorScheme });
      const page = await context.newPage();
      await page.goto(`${stack.edge}/docs`);
      expect(await axeFaults(page)).toEqual([]);
      await context.close();
    }
  } finally {
    await browser.close();
  }
});

async function expectDocumented(operation: Operation, request: DrawnRequest): Promise<void> {
  const { method, path } = operation;
  const canHaveBody = method !== 'get';
  const answer = await fetch(stack.edge + request.path, {
    method: method.toUpperCase(),
    headers: headersOf(operation, request),
    ...(canHaveBody && request.body !== undefined ? { body: request.body } : {}),
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const text = await answer.text();
  const said = `${answer.status} ${text.slice(0, 300)}`;
  const responses = memberOf(memberOf(memberOf(document, 'paths'), path), method, 'responses');
  const response = memberOf(responses, String(answer.status));
  expect(response, said).toBeDefined();
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const content = memberOf(response, 'content');
  if (content === undefined) return expect(text, said).toBe('');
  const validate = validatorOf(
    `${path} ${method} ${answer.status}`,
    memberOf(content, type, 'schema'),
  );
  expect(validate(JSON.parse(text)), `${said} ${JSON.stringify(validate.errors)}`).toBe(true);
}

function headersOf({ id }: Operation, { headers, body }: DrawnRequest): Record<string, string> {
  const { 'content-type': type, ...rest } = headers;
  const token = headers.authorization?.replace('Bearer ', '') ?? '';
  const device = id === 'purchase' ? purchaseHeaders.get(token) : {};
  const typed = body === undefined || type === undefined ? {} : { 'content-type': type };
  return { 'cf-connecting-ip': freshAddress(), ...device, ...rest, ...typed };
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(name: string, schema: unknown): ValidateFunction {
  expect(schema, `${name}: no schema for its content type`).toBeDefined();
  const text = JSON.stringify(schema).replaceAll('"#/components', '"api#/components');
  const known = validators.get(name) ?? ajv.compile(JSON.parse(text));
  validators.set(name, known);
  return known;
}

function memberOf(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce((found: unknown, name) => Object(found)[name], value);
}
