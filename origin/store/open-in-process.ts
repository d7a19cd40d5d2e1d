// The SQLite store in a process of its own, which owns the file. A process that ends unasked is
// replaced at the next call, so that the store recovers by itself.
import { setTimeout as pause } from 'node:timers/promises';
import { InfrastructureError } from '../infrastructure-error.ts';
import { activitiesThrough } from './activities-over-orm.ts';
import { drawsThrough } from './draws-over-orm.ts';
import { paymentsThrough } from './payments-over-orm.ts';
import { type Answer, type Caller, type StoreProcess, startProcess } from './process-client.ts';
import { restoreThrough } from './restore-over-orm.ts';
import { settingsThrough } from './settings-over-orm.ts';
import type { Store } from './store.ts';

const ENDS_WITHIN_MS = 1_000;

export function openInProcess(file: string): Promise<Store> {
  return openThrough(() => startProcess(file));
}

/** Rejects when the first process does not open; later ones fail the calls that need them. */
export async function openThrough(start: () => Promise<StoreProcess>): Promise<Store> {
  let current: Promise<StoreProcess> | undefined = launch();
  let isClosed = false;
  await current;

  function launch(): Promise<StoreProcess> {
    const launched = start();
    const forget = () => {
      if (current === launched) current = undefined;
    };
    launched.then(({ ended }) => ended).then(forget, forget);
    return launched;
  }
  async function call<Name extends keyof Store>(
    name: Name,
    ...args: Parameters<Store[Name]>
  ): Promise<Answer<Name>> {
    if (isClosed) throw new InfrastructureError('database-away', 'the store is closed');
    current ??= launch();
    return (await started(current)).call(name, ...args);
  }
  return {
    ...storeThrough(call),
    async close() {
      if (isClosed) return;
      isClosed = true;
      const last = await current;
      if (last === undefined) return;
      try {
        await last.call('close');
        // It has nothing more to do, and ends by itself.
        await Promise.race([last.ended, pause(ENDS_WITHIN_MS, undefined, { ref: false })]);
      } finally {
        await last.terminate();
      }
    },
  };
}

async function started(current: Promise<StoreProcess>): Promise<StoreProcess> {
  try {
    return await current;
  } catch (cause) {
    throw new InfrastructureError('database-away', 'the database does not open', { cause });
  }
}

function storeThrough(call: Caller): Omit<Store, 'close'> {
  return {
    ping: () => call('ping'),
    insertActivity: (activity) => call('insertActivity', activity),
    findActivity: (activityId) => call('findActivity', activityId),
    liveActivities: () => call('liveActivities'),
    markLoaded: (load) => call('markLoaded', load),
    requestFence: (fence) => call('requestFence', fence),
    takeEpoch: (take) => call('takeEpoch', take),
    announceEpoch: (announce) => call('announceEpoch', announce),
    openEpoch: (open) => call('openEpoch', open),
    saveFrontiers: (frontiers) => call('saveFrontiers', frontiers),
    pinSpeed: (pin) => call('pinSpeed', pin),
    findOrder: (orderId) => call('findOrder', orderId),
    ordersOfUser: (of) => call('ordersOfUser', of),
    ordersPage: (page) => call('ordersPage', page),
    ordersWithoutRow: (orderIds) => call('ordersWithoutRow', orderIds),
    userCountsPage: (page) => call('userCountsPage', page),
    lapsesPage: (page) => call('lapsesPage', page),
    unitsInDeadLetters: (activityId) => call('unitsInDeadLetters', activityId),
    applyRecords: (records) => call('applyRecords', records),
    ledgerPages: (slice) => call('ledgerPages', slice),
    deadLettersToCopy: (limit) => call('deadLettersToCopy', limit),
    deadLettersPage: (page) => call('deadLettersPage', page),
    findDeadLetter: (id) => call('findDeadLetter', id),
    decideDeadLetter: (decide) => call('decideDeadLetter', decide),
    markDeadLettersCopied: (ids) => call('markDeadLettersCopied', ids),
    ...activitiesThrough(call),
    ...drawsThrough(call),
    ...paymentsThrough(call),
    ...restoreThrough(call),
    ...settingsThrough(call),
    forgetUser: (forget) => call('forgetUser', forget),
    liftLapses: (lift) => call('liftLapses', lift),
    nextTerm: (job) => call('nextTerm', job),
    summary: (activityId) => call('summary', activityId),
  };
}
