// A thousand random edits, valid and invalid, on a real database and a real Redis against the model.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import type { Transition } from '../../activities/decide.ts';
import { reviseTerms } from '../../activities/keep-terms.ts';
import { editsInRedis } from '../../activities/open-edits.ts';
import { loadFacts } from '../../fence/load-facts.ts';
import { stockKeys } from '../../inventory/stock-keys.ts';
import { luaScript } from '../../redis/lua.ts';
import { FenceWorld } from '../fence/fence-world.ts';
import { newSkuId } from '../store/stores.ts';
import { type ActivityApi, openActivityApi } from './activity-api.ts';
import * as model from './edit-model.ts';

const HOUR_MS = 3_600_000;
const RUNS = 40;
const EDITS = 40;
const WANTED = 1_000;
const FAR_ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

let world: FenceWorld;
let api: ActivityApi;
let nowMs = Date.now();
const errors: unknown[] = [];
/** Calls of the API by the status that they were answered with. */
const answered = new Map<number, number>();

beforeAll(async () => {
  world = await FenceWorld.open();
  const parts = { dependencies: world.dependencies, userKey: (userId: string) => userId };
  const redis = editsInRedis({ ...parts, inventory: world.selling.inventory }, (error) =>
    errors.push(error),
  );
  api = await openActivityApi(world.dependencies.store, { redis, now: () => nowMs });
});
afterAll(() => world.close());

const mostly = <One>(usual: One, ...others: readonly One[]): fc.Arbitrary<One> =>
  fc.oneof({ weight: 14, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));

const bodies = fc.record({
  skuId: fc.constantFrom('A', 'B'),
  stock: fc.constantFrom(2, 3, 4, 6, 8, 20, 0),
  price: fc.constantFrom(100, 200, 300),
  startsIn: fc.constantFrom(-1, 1, 2, 3, 5),
  endsIn: fc.constantFrom(3, 3, 4, 5, 6, 0.5),
  limitPerUser: mostly(1, 2, 0),
  ratePerSecond: fc.constantFrom(10, 2),
  capacity: mostly(undefined, 2, 6),
  queueLimit: fc.constantFrom(10, 0),
  draw: fc.constantFrom(false as const, undefined),
  title: fc.constantFrom('One', 'Two'),
  challengeAt: mostly(40, 10, 81),
});
const FIRST: Drawn = {
  ...{ skuId: 'A', stock: 6, price: 100, startsIn: -1, endsIn: 3, limitPerUser: 1 },
  ...{ ratePerSecond: 10, capacity: undefined, queueLimit: 10, draw: undefined, title: 'One' },
  challengeAt: 40,
};
/** Most edits change one or two members of what stands: others are hardly ever accepted. */
const changes = fc.oneof(
  { weight: 3, arbitrary: fc.subarray(['stock', 'title', 'endsIn', 'queueLimit', 'challengeAt']) },
  {
    weight: 1,
    arbitrary: fc.subarray(['skuId', 'price', 'startsIn', 'capacity', 'draw', 'stock']),
  },
);
const which = fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 2, 3, 9);
const commands = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('create' as const), body: bodies }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      which,
      body: bodies,
      names: changes,
      version: fc.constantFrom('right', 'right', 'right', 'right', 'wrong', 'none'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      which,
      to: fc.constantFrom<Transition>('pause', 'pause', 'resume', 'end'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('load' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sell' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
);
type Command = typeof commands extends fc.Arbitrary<infer One> ? One : never;
type Drawn = typeof bodies extends fc.Arbitrary<infer One> ? One : never;

class Shop {
  readonly #skus: Readonly<Record<string, string>> = { A: newSkuId(), B: newSkuId() };
  readonly #begunAt = nowMs;
  all: model.Modelled[] = [];

  /** One that sells and one that does not yet. */
  async open(): Promise<void> {
    await this.run({ kind: 'create', body: FIRST });
    await this.run({ kind: 'create', body: { ...FIRST, skuId: 'B', startsIn: 1 } });
    await this.run({ kind: 'load', which: 0 });
    await this.run({ kind: 'load', which: 1 });
  }

  async run(command: Command): Promise<void> {
    const one = 'which' in command ? this.all[command.which] : undefined;
    switch (command.kind) {
      case 'create':
        return await this.#create(this.#bodyOf(command.body));
      case 'replace':
        return await this.#replace(one, command);
      case 'delete': {
        const ifMatch = one?.version;
        const verdict = model.remove(one, { ifMatch, now: nowMs });
        await this.#call(one, verdict, { method: 'DELETE', ...tagged(ifMatch) });
        if (verdict.status === 204) this.all = this.all.filter((other) => other !== one);
        return await this.#sweep(verdict.status === 204 ? one : undefined);
      }
      case 'move': {
        const { to } = command;
        const verdict = model.move(one, to, nowMs);
        return await this.#call(one, verdict, { method: 'POST', path: `/${to}` });
      }
      case 'load':
        return await this.#load(one);
      case 'sell':
        return await this.#sell(one);
      case 'wait':
        nowMs += HOUR_MS / 2;
    }
  }

  #bodyOf({ startsIn, endsIn, skuId, ...rest }: Drawn): model.Body {
    const at = (hours: number) => this.#begunAt + hours * HOUR_MS;
    const sku = this.#skus[skuId] ?? '';
    return { ...rest, skuId: sku, startAt: at(startsIn), endAt: at(endsIn) };
  }

  async #create(body: model.Body): Promise<void> {
    const verdict = model.create(this.all, body, nowMs);
    const answer = await api.post(wire(body));
    expectVerdict(answer, verdict);
    if (verdict.activity === undefined) return;
    this.all.push({ ...verdict.activity, id: String(answer.body.activityId) });
  }

  async #replace(
    one: model.Modelled | undefined,
    { body: drawn, names, version }: Extract<Command, { kind: 'replace' }>,
  ): Promise<void> {
    const fresh = this.#bodyOf(drawn);
    const { startsIn: _start, endsIn: _end, ...plain } = drawn;
    const replaced = new Set<string>(
      names.map((name) => ({ startsIn: 'startAt', endsIn: 'endAt' })[name] ?? name),
    );
    const standing = one === undefined ? {} : bodyFrom(one, Object.keys(plain));
    const kept = Object.entries(standing).filter(([name]) => !replaced.has(name));
    const body: model.Body = { ...fresh, ...Object.fromEntries(kept) };
    const ifMatch =
      version === 'none' ? undefined : (one?.version ?? 1) + (version === 'wrong' ? 1 : 0);
    const verdict = model.replace(this.all, one, { body, ifMatch, now: nowMs });
    await this.#call(one, verdict, { method: 'PUT', body: wire(body), ...tagged(ifMatch) });
  }

  async #call(
    one: model.Modelled | undefined,
    verdict: model.Verdict,
    {
      path = '',
      ...call
    }: { method: 'PUT' | 'DELETE' | 'POST'; path?: string; body?: object; ifMatch?: string },
  ): Promise<void> {
    const answer = await api.send({ ...call, path: `/${one?.id ?? FAR_ID}${path}` });
    expectVerdict(answer, verdict);
    const { activity } = verdict;
    if (activity !== undefined) this.all = this.all.map((it) => (it === one ? activity : it));
  }

  async #load(one: model.Modelled | undefined): Promise<void> {
    const { store, link } = world.dependencies;
    const isTaken = this.all.some(({ skuId, loaded }) => loaded && skuId === one?.skuId);
    if (one === undefined || one.loaded || isTaken) return;
    const marked = await store.markLoaded({
      activityId: one.id,
      runId: link.runId(one.skuId) ?? '',
    });
    if (marked.kind !== 'loaded') throw new Error('was not loaded');
    const { activity } = marked;
    const facts = loadFacts(activity, activity.epoch);
    expect(await luaScript('load').run(link.redis, stockKeys(one.skuId).slice(0, 7), facts)).toBe(
      'loaded',
    );
    await reviseTerms({ link, script: luaScript('revise') }, activity);
    this.all = this.all.map((it) => (it === one ? { ...it, loaded: true } : it));
    await world.registry.refresh();
  }

  /** As reserve would count it. */
  async #sell(one: model.Modelled | undefined): Promise<void> {
    if (one === undefined || !one.loaded || one.sold >= one.stock) return;
    const { redis } = world.dependencies.link;
    const units = Math.min(3, one.stock - one.sold);
    await redis.decrby(inventoryKeys.stock(one.skuId), units);
    await redis.incrby(inventoryKeys.sold(one.skuId), units);
    this.all = this.all.map((it) => (it === one ? { ...it, sold: it.sold + units } : it));
  }

  /** A deleted one is closed before the SKU's next is loaded. */
  async #sweep(gone: model.Modelled | undefined): Promise<void> {
    if (gone === undefined) return;
    if (gone.loaded) await world.dependencies.link.redis.del(stockKeys(gone.skuId));
    const { store } = world.dependencies;
    const row = await store.findActivity(gone.id);
    if (row?.state === 'LOADED') {
      const { epoch, applied } = row;
      const closing = { activityId: gone.id, epoch, seq: applied.seq, now: nowMs };
      expect(await store.beginClosing(closing)).toMatchObject({ kind: 'closing' });
    }
    await store.markClosed({ activityId: gone.id, now: nowMs });
  }

  async check(): Promise<void> {
    await Promise.all(this.all.map((one) => checkOne(one)));
  }
}

async function checkOne(one: model.Modelled): Promise<void> {
  const { body } = await api.get(one.id);
  expect(body).toMatchObject({
    ...{ skuId: one.skuId, stock: one.stock, price: one.price, title: one.title },
    ...{ limitPerUser: one.limitPerUser, ratePerSecond: one.ratePerSecond },
    ...{ capacity: one.capacity, queueLimit: one.queueLimit, draw: one.draw ? {} : false },
    ...{ startAt: iso(one.startAt), endAt: iso(one.endAt), version: one.version },
    ...{ entryOpensAt: iso(model.entryOpensAt(one)), state: model.stateOf(one, nowMs) },
  });
  if (one.loaded) await checkRedis(one);
}

async function checkRedis(one: model.Modelled): Promise<void> {
  const { redis } = world.dependencies.link;
  const key = inventoryKeys.activity(one.skuId);
  const facts = await redis.hmget(key, 'id', 'startAt', 'endAt', 'price', 'limit', 'total');
  const wanted = [one.startAt, one.endAt, one.price, one.limitPerUser, one.stock].map(String);
  expect(facts).toEqual([one.id, ...wanted]);
  expect((await redis.hget(key, 'paused')) ?? '0').toBe(one.paused ? '1' : '0');
  expect(await redis.get(inventoryKeys.stock(one.skuId))).toBe(String(one.stock - one.sold));
}

const iso = (ms: number): string => new Date(ms).toISOString();
const tagged = (version: number | undefined) =>
  version === undefined ? {} : { ifMatch: `"${version}"` };
const wire = (body: model.Body) => ({
  ...body,
  startAt: iso(body.startAt),
  endAt: iso(body.endAt),
});

/** What the activity would be replaced with to stay as it is. */
function bodyFrom(one: model.Modelled, names: readonly string[]): object {
  const members: Readonly<Record<string, unknown>> = { ...one };
  const plain = Object.fromEntries(names.map((name) => [name, members[name]]));
  return { ...plain, startAt: one.startAt, endAt: one.endAt, draw: one.draw ? undefined : false };
}

function expectVerdict(
  answer: { readonly status: number; readonly body: Readonly<Record<string, unknown>> },
  { status, slug }: model.Verdict,
): void {
  expect([answer.status, answer.body.type]).toEqual([status, slug && `/problems/${slug}`]);
  answered.set(status, (answered.get(status) ?? 0) + 1);
}

it('a thousand edits answer and leave what the model says', async () => {
  const edits = fc.array(commands, { minLength: EDITS, maxLength: EDITS });
  await fc.assert(
    fc.asyncProperty(edits, async (run) => {
      nowMs = Date.now();
      const shop = new Shop();
      await shop.open();
      for (const command of run) {
        await shop.run(command);
        await shop.check();
      }
      expect(errors).toEqual([]);
    }),
    { numRuns: RUNS },
  );
  const counts = [...answered.values()];
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(WANTED);
  // Valid and invalid ones, of every kind that there is.
  const statuses = [200, 201, 204, 404, 409, 412, 422, 428];
  expect([...answered.keys()].sort()).toEqual(statuses);
}, 180_000);
