// Operations of administrators.
import * as v from 'valibot';
import { activityBodySchema } from '../../shared/activity.ts';
import { emptyBodySchema } from '../../shared/payment.ts';
import type { RefusalKind } from '../../shared/refusal.ts';
import { ACTIVITY_STATES, SKU_ID } from '../../shared/words.ts';
import { MAX_PAGE_SIZE, PAGE_SIZE } from '../activities/page.ts';
import type { Operation } from './operation.ts';

const ID = { activityId: 'As it was created.' };
/** An administrator may call the origin itself, which then asks for the edge's signature or a token. */
const ADMIN: readonly RefusalKind[] = [
  ...(['unauthenticated', 'edge-signature', 'forbidden', 'unavailable'] as const),
];
const BODY: readonly RefusalKind[] = ['malformed', 'too-large', 'unsupported-media-type'];
const CONDITION: readonly RefusalKind[] = ['if-match-required', 'version-conflict'];
const ACTIVITY = { about: 'The activity.', schema: 'Activity', headers: ['ETag'] };
const MOVES = {
  pause: 'Nobody enters until it goes on; places keep. Repeatable.',
  resume: 'Goes on. Repeatable.',
  end: 'Ends now; pending orders may still be paid. Repeatable.',
};

export const activityOperations: readonly Operation[] = [
  {
    ...{ method: 'post', path: '/api/activities', id: 'createActivity', tag: 'Activities' },
    ...{ summary: 'Create an activity.', who: 'admin', body: activityBodySchema },
    answers: { 201: { ...ACTIVITY, headers: ['ETag', 'Location'] } },
    refusals: [...ADMIN, ...BODY, 'invalid', 'overlap', 'former-activity-open'],
  },
  {
    ...{ method: 'get', path: '/api/activities', id: 'listActivities', tag: 'Activities' },
    ...{ summary: 'Activities, newest first.', who: 'admin' },
    query: {
      state: v.picklist(ACTIVITY_STATES),
      skuId: v.pipe(v.string(), v.regex(SKU_ID)),
      limit: v.optional(
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PAGE_SIZE)),
        PAGE_SIZE,
      ),
      cursor: v.pipe(v.string(), v.maxLength(100)),
    },
    answers: { 200: { about: 'A page; `nextCursor` is null on the last.', schema: 'Activities' } },
    refusals: [...ADMIN, 'malformed'],
  },
  {
    ...{ method: 'get', path: '/api/activities/{activityId}', id: 'getActivity' },
    ...{ tag: 'Activities', summary: 'An activity.', who: 'admin', params: ID },
    headers: { 'If-None-Match': false },
    answers: { 200: ACTIVITY, 304: { about: 'As the caller knows it.', headers: ['ETag'] } },
    refusals: [...ADMIN, 'unknown-activity'],
  },
  {
    ...{ method: 'put', path: '/api/activities/{activityId}', id: 'replaceActivity' },
    ...{ tag: 'Activities', summary: 'Replace the terms of an activity.', who: 'admin' },
    ...{ params: ID, headers: { 'If-Match': true }, body: activityBodySchema },
    answers: { 200: ACTIVITY },
    refusals: [
      ...[...ADMIN, ...BODY, ...CONDITION],
      ...(['unknown-activity', 'invalid', 'immutable-field', 'below-sold'] as const),
      ...(['ended', 'overlap', 'former-activity-open'] as const),
    ],
  },
  {
    ...{ method: 'delete', path: '/api/activities/{activityId}', id: 'deleteActivity' },
    ...{ tag: 'Activities', summary: 'Delete an activity that is not live.', who: 'admin' },
    ...{ params: ID, headers: { 'If-Match': true } },
    answers: { 204: { about: 'Deleted.' } },
    refusals: [
      ...[...ADMIN, ...CONDITION],
      ...(['unknown-activity', 'activity-live', 'too-large', 'unsupported-media-type'] as const),
    ],
  },
  ...Object.entries(MOVES).map(
    ([move, summary]): Operation => ({
      ...{ method: 'post', path: `/api/activities/{activityId}/${move}`, id: `${move}Activity` },
      ...{ tag: 'Activities', summary, who: 'admin', params: ID, body: emptyBodySchema },
      answers: { 200: ACTIVITY },
      refusals: [...ADMIN, ...BODY, 'unknown-activity', 'ended', 'busy'],
    }),
  ),
];
