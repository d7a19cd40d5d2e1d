import type { ActivitiesStore } from './activities-port.ts';
import { activitiesPage } from './operations/activities-page.ts';
import { activityHistory } from './operations/audit.ts';
import { changeActivity } from './operations/change-activity.ts';
import { beginClosing, markClosed } from './operations/closing.ts';
import type { Em } from './orm.ts';
import type { Caller } from './process-client.ts';

type Unit = <Answer>(work: (em: Em) => Promise<Answer>) => Promise<Answer>;

export function activitiesOver({
  read,
  change,
}: {
  readonly read: Unit;
  readonly change: Unit;
}): ActivitiesStore {
  return {
    changeActivity: (edit) => change((em) => changeActivity(em, edit)),
    activitiesPage: (page) => read((em) => activitiesPage(em, page)),
    activityHistory: (activityId) => read((em) => activityHistory(em, activityId)),
    beginClosing: (closing) => change((em) => beginClosing(em, closing)),
    markClosed: (close) => change((em) => markClosed(em, close)),
  };
}

export function activitiesThrough(call: Caller): ActivitiesStore {
  return {
    changeActivity: (edit) => call('changeActivity', edit),
    activitiesPage: (page) => call('activitiesPage', page),
    activityHistory: (activityId) => call('activityHistory', activityId),
    beginClosing: (closing) => call('beginClosing', closing),
    markClosed: (close) => call('markClosed', close),
  };
}
