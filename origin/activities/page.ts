// The query of the list of activities, and the cursor that leads to its next page.
import * as v from 'valibot';
import { fieldErrors } from '../../shared/field-error.ts';
import { isUlid } from '../../shared/order-id.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { ACTIVITY_STATES, isSkuId } from '../../shared/words.ts';
import type { ActivitiesPage } from '../store/activities-port.ts';
import type { ActivityRow } from '../store/store.ts';

export const PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 100;
const CURSOR = /^(\d{1,15})\.([0-9A-HJKMNP-TV-Z]{26})$/;

export const pageQuerySchema = v.object({
  state: v.optional(v.picklist(ACTIVITY_STATES)),
  skuId: v.optional(v.pipe(v.string(), v.check(isSkuId, 'Must match [A-Za-z0-9_]{1,32}.'))),
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,3}$/, 'Must be a whole number.'),
      v.transform(Number),
      v.minValue(1),
      v.maxValue(MAX_PAGE_SIZE),
    ),
  ),
  cursor: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(100),
      v.transform(parseCursor),
      v.check(isCursor, 'Is no cursor.'),
    ),
  ),
});

type Cursor = NonNullable<ActivitiesPage['after']>;
export type PageResult =
  | { readonly kind: 'page'; readonly page: Omit<ActivitiesPage, 'now'> }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

export function parsePageQuery(query: unknown): PageResult {
  const result = v.safeParse(pageQuerySchema, query);
  if (!result.success) {
    const detail = 'Some parameters cannot be read; see errors.';
    const errors = fieldErrors(result.issues);
    return { kind: 'refuse', refusal: { kind: 'malformed', detail, errors } };
  }
  const { state, skuId, limit = PAGE_SIZE, cursor } = result.output;
  return {
    kind: 'page',
    page: {
      ...(state === undefined ? {} : { state }),
      ...(skuId === undefined ? {} : { skuId }),
      ...(cursor === undefined ? {} : { after: cursor }),
      limit,
    },
  };
}

/** Leads behind this activity, whatever is created or deleted meanwhile. */
export function cursorBehind({ createdAt, activityId }: Cursor | ActivityRow): string {
  return Buffer.from(`${createdAt}.${activityId}`).toString('base64url');
}

function parseCursor(text: string): Cursor | undefined {
  const match = CURSOR.exec(Buffer.from(text, 'base64url').toString('latin1'));
  const [, createdAt, activityId = ''] = match ?? [];
  return isUlid(activityId) ? { createdAt: Number(createdAt), activityId } : undefined;
}

function isCursor(cursor: Cursor | undefined): boolean {
  return cursor !== undefined;
}
