// The port over MikroORM: each call is one unit of work.
import { activitiesOver } from './activities-over-orm.ts';
import { applyRecords } from './apply/apply-records.ts';
import { drawsOver } from './draws-over-orm.ts';
import { findActivity, liveActivities } from './operations/activities.ts';
import {
  deadLettersPage,
  deadLettersToCopy,
  findDeadLetter,
  markDeadLettersCopied,
  unitsInDeadLetters,
} from './operations/dead-letters.ts';
import { decideDeadLetter } from './operations/decide-dead-letter.ts';
import {
  announceEpoch,
  markLoaded,
  openEpoch,
  requestFence,
  takeEpoch,
} from './operations/epochs.ts';
import { forgetUser } from './operations/forget-user.ts';
import { insertActivity } from './operations/insert-activity.ts';
import { ledgerPages } from './operations/ledger.ts';
import { liftLapses } from './operations/lift-lapses.ts';
import { nextTerm } from './operations/next-term.ts';
import {
  findOrder,
  lapsesPage,
  ordersOfUser,
  ordersPage,
  ordersWithoutRow,
  userCountsPage,
} from './operations/orders.ts';
import { pinSpeed } from './operations/pin-speed.ts';
import { saveFrontiers } from './operations/save-frontiers.ts';
import { summary } from './operations/summary.ts';
import type { Em, Orm } from './orm.ts';
import { paymentsOver } from './payments-over-orm.ts';
import { restoreOver } from './restore-over-orm.ts';
import { settingsOver } from './settings-over-orm.ts';
import type { Store } from './store.ts';
import { inTransaction, inUnit } from './unit-of-work.ts';

const PING_DEADLINE_MS = 2000;

export function storeOver(orm: Orm): Store {
  const read = <Answer>(work: (em: Em) => Promise<Answer>) => inUnit(orm, work);
  const change = <Answer>(work: (em: Em) => Promise<Answer>) =>
    inTransaction(orm, work, { onDuplicate: 'begin-anew' });
  return {
    async ping() {
      await inUnit(orm, (em) => em.execute('select 1'), { deadlineMs: PING_DEADLINE_MS });
    },
    close: () => orm.close(true),

    insertActivity: (activity) => change((em) => insertActivity(em, activity)),
    findActivity: (activityId) => read((em) => findActivity(em, activityId)),
    liveActivities: () => read(liveActivities),

    markLoaded: (load) => change((em) => markLoaded(em, load)),
    requestFence: (fence) => change((em) => requestFence(em, fence)),
    takeEpoch: (take) => change((em) => takeEpoch(em, take)),
    announceEpoch: (announce) => change((em) => announceEpoch(em, announce)),
    openEpoch: (open) => change((em) => openEpoch(em, open)),
    saveFrontiers: (frontiers) => change((em) => saveFrontiers(em, frontiers)),
    pinSpeed: (pin) => change((em) => pinSpeed(em, pin)),

    findOrder: (orderId) => read((em) => findOrder(em, orderId)),
    ordersOfUser: (of) => read((em) => ordersOfUser(em, of)),
    ordersPage: (page) => read((em) => ordersPage(em, page)),
    ordersWithoutRow: (orderIds) => read((em) => ordersWithoutRow(em, orderIds)),
    userCountsPage: (page) => read((em) => userCountsPage(em, page)),
    lapsesPage: (page) => read((em) => lapsesPage(em, page)),
    unitsInDeadLetters: (activityId) => read((em) => unitsInDeadLetters(em, activityId)),

    applyRecords: (records) => applyRecords(orm, records),
    ledgerPages: (slice) => read((em) => ledgerPages(em, slice)),
    deadLettersToCopy: (limit) => read((em) => deadLettersToCopy(em, limit)),
    deadLettersPage: (page) => read((em) => deadLettersPage(em, page)),
    findDeadLetter: (id) => read((em) => findDeadLetter(em, id)),
    decideDeadLetter: (decide) => change((em) => decideDeadLetter(em, decide)),
    markDeadLettersCopied: (ids) => change((em) => markDeadLettersCopied(em, ids)),

    ...activitiesOver({ read, change }),
    ...drawsOver({ read, change }),
    ...paymentsOver({ read, change }),
    ...restoreOver({ read, change }),
    ...settingsOver({ read, change }),
    forgetUser: (forget) => change((em) => forgetUser(em, forget)),
    liftLapses: (lift) => change((em) => liftLapses(em, lift)),
    nextTerm: (job) => change((em) => nextTerm(em, job)),
    summary: (activityId) => read((em) => summary(em, activityId)),
  };
}
