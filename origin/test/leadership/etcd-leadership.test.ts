import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { startEtcd } from '../../../deploy/local/services/etcd.ts';
import { pauseFor } from '../../backoff.ts';
import { etcdClient } from '../../etcd/client.ts';
import { createEtcdLeadership } from '../../leadership/etcd-leadership.ts';
import type { Lead, Leadership } from '../../leadership/leadership.ts';
import { quietLog } from '../quiet-log.ts';
import { type Leader, startLeader } from './leader.ts';

const LEASE_SECONDS = 2;
/** etcd looks for leases that ran out twice a second, we for missing keys four times. */
const TAKEN_OVER = { timeout: LEASE_SECONDS * 1_000 + 2_000, interval: 20 };
const SOON = { timeout: 10_000, interval: 20 };
const { endpoints } = inject('services').etcd;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const ownPrefix = () => `/test-${randomUUID()}/`;

function takePart(
  prefix: string,
  {
    endpoint = endpoints,
    leaseSeconds = LEASE_SECONDS,
    nextLife = () => Promise.resolve(1),
  }: { endpoint?: string; leaseSeconds?: number; nextLife?: () => Promise<number> } = {},
): Leadership {
  const leadership = createEtcdLeadership({
    endpoints: [endpoint],
    prefix,
    leaseSeconds,
    instance: randomUUID(),
    nextLife,
    log: quietLog,
  });
  ends.push(() => leadership.close());
  return leadership;
}

/** Leads for as long as it is let, and keeps every lead that it had. */
function leadWith(leadership: Leadership): Lead[] {
  const leads: Lead[] = [];
  leadership.campaign('relay', async (lead) => {
    leads.push(lead);
    while (!lead.signal.aborted) await pauseFor(1_000, lead.signal);
  });
  return leads;
}

function startOne(prefix: string, instance: string): Leader {
  const leader = startLeader({
    endpoint: endpoints,
    prefix,
    leaseSeconds: LEASE_SECONDS,
    instance,
  });
  ends.push(() => leader.end());
  return leader;
}

test('one instance leads; when it closes, the other leads at once in a higher term', async () => {
  const prefix = ownPrefix();
  const first = takePart(prefix);
  const firstLeads = leadWith(first);
  await expect.poll(() => first.leads(), SOON).toHaveLength(1);
  const second = takePart(prefix);
  const secondLeads = leadWith(second);
  await first.ping();

  const closedAt = performance.now();
  await first.close();
  expect(firstLeads.at(-1)?.signal.aborted).toBe(true);
  await expect.poll(() => second.leads(), SOON).toHaveLength(1);
  expect(performance.now() - closedAt).toBeLessThan(LEASE_SECONDS * 1_000);
  expect(firstLeads).toHaveLength(1);
  expect(secondLeads[0]?.term).toBeGreaterThan(firstLeads[0]?.term ?? Number.NaN);
});

test('jobs are elected apart; one that ends or throws is led again in a higher term', async () => {
  const leadership = takePart(ownPrefix());
  const terms: number[] = [];
  leadership.campaign('line', async ({ term }) => {
    terms.push(term);
    if (terms.length === 1) throw new Error('a job of this test fails');
  });
  const relayLeads = leadWith(leadership);
  await expect.poll(() => terms.length, SOON).toBeGreaterThanOrEqual(3);
  expect(terms).toEqual([...new Set(terms)].sort((a, b) => a - b));
  expect(relayLeads).toHaveLength(1);
});

test('a killed leader is followed within the time of its lease', async () => {
  const prefix = ownPrefix();
  const first = startOne(prefix, 'first');
  await expect.poll(() => first.terms(), SOON).toHaveLength(1);
  const second = startOne(prefix, 'second');
  first.kill('SIGKILL');
  await expect.poll(() => second.terms(), TAKEN_OVER).toHaveLength(1);
  expect(second.terms()[0]).toBeGreaterThan(first.terms()[0] ?? Number.NaN);
});

test('a leader that was stopped past its lease leads no longer when it wakes', async () => {
  const prefix = ownPrefix();
  const first = startOne(prefix, 'first');
  await expect.poll(() => first.count('step'), SOON).toBeGreaterThan(3);
  const second = startOne(prefix, 'second');
  first.kill('SIGSTOP');
  await expect.poll(() => second.terms(), TAKEN_OVER).toHaveLength(1);
  const steps = first.count('step');

  first.kill('SIGCONT');
  await expect.poll(() => first.count('ended'), SOON).toBe(1);
  // The step that it was asleep in may be finished; terms and repeats are what makes it harmless.
  expect(first.count('step')).toBeLessThanOrEqual(steps + 1);
  expect(second.count('ended')).toBe(0);
  expect(first.terms()).toHaveLength(1);
});

test('a restart of etcd changes nothing; an absence ends the lead before the lease can', async () => {
  const dir = join(inject('scratchDir'), `etcd-${randomUUID()}`);
  const etcd = await startEtcd({ dir });
  const { port } = etcd;
  let running = etcd;
  ends.push(() => running.stop());
  // Longer than etcd needs to start again and choose a leader of its own.
  const leaseSeconds = 6;
  const leadership = takePart(ownPrefix(), { endpoint: `http://127.0.0.1:${port}`, leaseSeconds });
  const leads = leadWith(leadership);
  await expect.poll(() => leads.length, SOON).toBe(1);

  await running.stop();
  running = await startEtcd({ dir, port });
  await expect.poll(() => leadership.ping().then(() => 'answers', String), SOON).toBe('answers');
  expect(leadership.leads()).toHaveLength(1);

  const awayAt = performance.now();
  await running.stop();
  await expect.poll(() => leads[0]?.signal.aborted, SOON).toBe(true);
  expect(performance.now() - awayAt).toBeLessThan(leaseSeconds * 1_000);
  expect(leadership.leads()).toEqual([]);
  await expect(leadership.ping()).rejects.toMatchObject({ code: 'leadership-away' });

  running = await startEtcd({ dir, port });
  await expect.poll(() => leads.length, SOON).toBe(2);
  expect(leads[1]?.term).toBeGreaterThan(leads[0]?.term ?? Number.NaN);
});

test('an etcd that comes back without its data: one leader, in a term above all former ones', async () => {
  const dirs = [0, 1].map(() => join(inject('scratchDir'), `etcd-${randomUUID()}`));
  const [former = '', empty = ''] = dirs;
  let etcd = await startEtcd({ dir: former });
  ends.push(() => etcd.stop());
  const { port } = etcd;
  let lives = 0;
  const place = {
    endpoint: `http://127.0.0.1:${port}`,
    nextLife: async () => {
      lives += 1;
      return lives;
    },
  };
  const prefix = ownPrefix();
  const both = [takePart(prefix, place), takePart(prefix, place)];
  const leads = both.map(leadWith);
  const standing = () => both.flatMap((leadership) => leadership.leads());
  await expect.poll(standing, SOON).toHaveLength(1);
  const [before] = standing();

  await etcd.stop();
  etcd = await startEtcd({ dir: empty, port });
  const terms = () => standing().map(({ term }) => term);
  await expect.poll(() => terms().at(0) ?? 0, SOON).toBeGreaterThan(before?.term ?? Number.NaN);
  expect(standing()).toHaveLength(1);
  const all = leads.flat().map(({ term }) => term);
  expect(new Set(all).size).toBe(all.length);
});

test('a key that an operator takes away ends the lead; the next one stands above it', async () => {
  const prefix = ownPrefix();
  const both = [takePart(prefix), takePart(prefix)];
  const leads = both.map(leadWith);
  const standing = () => both.flatMap((leadership) => leadership.leads());
  await expect.poll(standing, SOON).toHaveLength(1);
  const [before] = leads.flat();
  const client = etcdClient([endpoints]);
  ends.push(async () => client.close());
  await client.delete().prefix(prefix);

  await expect.poll(() => before?.signal.aborted, SOON).toBe(true);
  await expect.poll(standing, SOON).toHaveLength(1);
  expect(standing()[0]?.term).toBeGreaterThan(before?.term ?? Number.NaN);
});
