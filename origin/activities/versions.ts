// Entity tags of activities, and the conditions of requests on them (RFC 9110, section 13.1).
import type { ActivityRow } from '../store/store.ts';

/** Changes with the terms; `state` and `sold` move without it. */
export const entityTag = (row: Pick<ActivityRow, 'version'>): string => `"${row.version}"`;

/** Whether an `If-None-Match` names this tag: weak comparison. */
export function isNamedBy(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const names = namesIn(ifNoneMatch).map((name) => name.replace(/^W\//, ''));
  return names.includes('*') || names.includes(tag);
}

/** Whether an `If-Match` names this tag: strong comparison, so a weak name never does. */
export function isDemandedBy(tag: string, ifMatch: string): boolean {
  const names = namesIn(ifMatch);
  return names.includes('*') || names.includes(tag);
}

const namesIn = (header: string): string[] => header.split(',').map((name) => name.trim());
