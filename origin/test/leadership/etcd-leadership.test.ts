import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { startEtcd } from '../../../deploy/local/services/etcd.ts';
import { pauseFor } from '../../backoff.ts';
import { etcdClient } from '../../etcd/client.ts';
import { createEtcdLeadership } from '../../leadership/etcd-leadership.ts';
import type { Lead, Leadership } from '../../leadership/leadership.ts';
import { ownMsOf } from '../own-time.ts';
import { quietLog } from '../quiet-log.ts';
import { type Leader, startLeader } from './leader.ts';

const LEASE_SECONDS = 2;
/** Of a lead that no test lets run out, and no pause of this machine either. */
const LONG_LEASE_SECONDS = 120;
const SOON = { timeout: 20_000, interval: 20 };
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

function startOne(prefix: string, instance: string, leaseSeconds = LEASE_SECONDS): Leader {
  const leader = startLeader({ endpoint: endpoints, prefix, leaseSeconds, instance });
  ends.push(() => leader.end());
  return leader;
}

test('one instance leads; when it closes, the other leads at once in a higher term', async () => {
  const prefix = ownPrefix();
  const first = takePart(prefix, { leaseSeconds: LONG_LEASE_SECONDS });
  const firstLeads = leadWith(first);
  await expect.poll(() => first.leads(), SOON).toHaveLength(1);
  const second = takePart(prefix);
  const secondLeads = leadWith(second);
  await first.ping();

  await first.close();
  expect(firstLeads.at(-1)?.signal.aborted).toBe(true);
  // Long before the lease would have run out.
  await expect.poll(() => second.leads(), SOON).toHaveLength(1);
  expect(firstLeads).toHaveLength(1);
  expect(secondLeads[0]?.term).toBeGreaterThan(firstLeads[0]?.term ?? Number.NaN);
});

test('jobs are elected apart; one that ends or throws is led again in a higher term', async () => {
  const leadership = takePart(ownPrefix(), { leaseSeconds: LONG_LEASE_SECONDS });
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

/** Seconds after which etcd takes the key away from a leader that it hears nothing of. */
async function leaseBehind(prefix: string): Promise<number> {
  const client = etcdClient([endpoints]);
  ends.push(async () => client.close());
  const [key] = (await client.get(`${prefix}leader/relay`).exec()).kvs;
  const lease = await client.leaseClient.leaseTimeToLive({ ID: key?.lease ?? '' });
  return Number(lease.grantedTTL);
}

test('a killed leader is followed when its lease has run out', async () => {
  const prefix = ownPrefix();
  const first = startOne(prefix, 'first');
  await expect.poll(() => first.terms(), SOON).toHaveLength(1);
  const second = startOne(prefix, 'second');
  await expect.poll(() => second.count('takes part'), SOON).toBe(1);
  expect(await leaseBehind(prefix)).toBe(LEASE_SECONDS);
  first.kill('SIGKILL');
  await expect.poll(() => second.terms(), SOON).toHaveLength(1);
  expect(second.terms()[0]).toBeGreaterThan(first.terms()[0] ?? Number.NaN);
});

test('a leader that was stopped past its lease leads no longer when it wakes', async () => {
  const prefix = ownPrefix();
  const first = startOne(prefix, 'first');
  await expect.poll(() => first.count('step'), SOON).toBeGreaterThan(3);
  first.kill('SIGSTOP');
  const second = startOne(prefix, 'second', LONG_LEASE_SECONDS);
  await expect.poll(() => second.terms(), SOON).toHaveLength(1);
  const steps = first.count('step');

  first.kill('SIGCONT');
  await expect.poll(() => first.count('ended'), SOON).toBe(1);
  // The step that it was asleep in may be finished; terms and repeats are what makes it harmless.
  expect(first.count('step')).toBeLessThanOrEqual(steps + 1);
  expect(second.count('ended')).toBe(0);
  expect(first.terms()).toHaveLength(1);
});

/** An etcd of one test, which may end it and start it again on its data. */
async function ownEtcd() {
  const dir = join(inject('scratchDir'), `etcd-${randomUUID()}`);
  let running = await startEtcd({ dir });
  ends.push(() => running.stop());
  const { port } = running;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () => running.stop(),
    kill: () => running.kill('SIGKILL'),
    async start(): Promise<void> {
      running = await startEtcd({ dir, port });
    },
  };
}

test('a restart of etcd changes nothing', async () => {
  const { endpoint, stop, start } = await ownEtcd();
  const leadership = takePart(ownPrefix(), { endpoint, leaseSeconds: LONG_LEASE_SECONDS });
  const leads = leadWith(leadership);
  await expect.poll(() => leads.length, SOON).toBe(1);
  await stop();
  await start();
  await expect.poll(() => leadership.ping().then(() => 'answers', String), SOON).toBe('answers');
  expect(leadership.leads()).toHaveLength(1);
  expect(leads).toHaveLength(1);
});

test('an absence of etcd ends the lead before the lease can', async () => {
  const { endpoint, stop, kill, start } = await ownEtcd();
  const leaseSeconds = 4;
  const leadership = takePart(ownPrefix(), { endpoint, leaseSeconds });
  const leads = leadWith(leadership);
  await expect.poll(() => leadership.leads(), SOON).toHaveLength(1);
  const last = leads.at(-1);
  // From now on nothing is renewed.
  kill();
  const tookMs = await ownMsOf(() => expect.poll(() => last?.signal.aborted, SOON).toBe(true));
  expect(tookMs).toBeLessThan(leaseSeconds * 1_000);
  expect(leadership.leads()).toEqual([]);
  await expect(leadership.ping()).rejects.toMatchObject({ code: 'leadership-away' });

  await stop();
  await start();
  await expect.poll(() => leads.at(-1)?.term, SOON).toBeGreaterThan(last?.term ?? Number.NaN);
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
  expect(standing().length).toBeLessThanOrEqual(1);
  const all = leads.flat().map(({ term }) => term);
  expect(new Set(all).size).toBe(all.length);
});

test('a key that an operator takes away ends the lead; the next one stands above it', async () => {
  const prefix = ownPrefix();
  const place = { leaseSeconds: LONG_LEASE_SECONDS };
  const both = [takePart(prefix, place), takePart(prefix, place)];
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
