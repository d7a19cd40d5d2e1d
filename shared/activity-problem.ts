// Refusals of an administrator's calls as problem documents; `problem.ts` is the map that they are
// part of.

import type { Refusal } from './refusal.ts';
import type { Wire } from './wire.ts';

type ActivityRefusal = Extract<
  Refusal,
  {
    kind:
      | 'overlap'
      | 'former-activity-open'
      | 'immutable-field'
      | 'below-sold'
      | 'activity-live'
      | 'version-conflict'
      | 'if-match-required';
  }
>;

export function activityWireOf(refusal: ActivityRefusal): Wire {
  switch (refusal.kind) {
    case 'overlap':
      return {
        status: 409,
        title: 'Activities overlap',
        detail: `Activity ${refusal.activityId} of this item covers part of this time.`,
      };
    case 'former-activity-open':
      return {
        status: 409,
        title: 'Former activity open',
        detail: `Activity ${refusal.activityId} of this item has ended and is not closed yet; try again later.`,
      };
    case 'immutable-field':
      return {
        status: 409,
        title: 'Fixed by now',
        detail: 'Some members are fixed from the first draw entry or the start; see errors.',
        members: { errors: refusal.errors },
      };
    case 'below-sold':
      return {
        status: 409,
        title: 'Below what is sold',
        detail: `${refusal.sold} units are sold already.`,
      };
    case 'activity-live':
      return {
        status: 409,
        title: 'Activity is live',
        detail: 'End it before it is deleted.',
      };
    case 'version-conflict':
      return {
        status: 412,
        title: 'Changed meanwhile',
        detail: 'If-Match names another version than the present one.',
      };
    case 'if-match-required':
      return {
        status: 428,
        title: 'If-Match required',
        detail: 'Name the version that this is about: If-Match with the ETag.',
      };
  }
}
