import { expect, test } from 'vitest';
import { pauseFor } from '../backoff.ts';
import { createLeadership, type Won } from './campaigns.ts';
import type { Lead } from './leadership.ts';

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const closed = () => Promise.resolve();
const ping = closed;
const SOON = { timeout: 5_000, interval: 5 };

/** An election that is won at once, each time in the next term. */
function openElection() {
  const resigned: number[] = [];
  const lost: AbortController[] = [];
  const win = async (): Promise<Won> => {
    const abort = new AbortController();
    const term = lost.push(abort);
    return { term, lost: abort.signal, resign: async () => void resigned.push(term) };
  };
  return { win, ping, close: closed, resigned, lost };
}

test('a lost lead aborts its signal, is no longer told, and is taken part in again', async () => {
  const election = openElection();
  const leadership = createLeadership(election, log);
  const leads: Lead[] = [];
  leadership.campaign('relay', async (lead) => {
    leads.push(lead);
    await pauseFor(60_000, lead.signal);
  });
  await expect.poll(() => leadership.leads(), SOON).toEqual([{ job: 'relay', term: 1 }]);
  election.lost[0]?.abort();
  expect(leads[0]?.signal.aborted).toBe(true);
  expect(leadership.leads()).toEqual([]);
  await expect.poll(() => leadership.leads(), SOON).toEqual([{ job: 'relay', term: 2 }]);
  await leadership.close();
  expect(election.resigned).toEqual([1, 2]);
});

test('closing waits for the jobs and gives every lead up', async () => {
  const election = openElection();
  const leadership = createLeadership(election, log);
  const finish = Promise.withResolvers<void>();
  leadership.campaign('line', async () => finish.promise);
  await expect.poll(() => leadership.leads(), SOON).toHaveLength(1);
  const closing = leadership.close();
  expect(election.resigned).toEqual([]);
  expect(leadership.leads()).toEqual([]);
  finish.resolve();
  await closing;
  expect(election.resigned).toEqual([1]);
});

test('an election that cannot be held is tried again', async () => {
  let attempts = 0;
  const { win } = openElection();
  const election = {
    win: () => (++attempts < 3 ? Promise.reject(new Error('nobody answers')) : win()),
    ping,
    close: closed,
  };
  const leadership = createLeadership(election, log);
  leadership.campaign('load', ({ signal }) => pauseFor(60_000, signal));
  await expect.poll(() => leadership.leads(), SOON).toHaveLength(1);
  await leadership.close();
});
