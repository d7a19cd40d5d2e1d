// Refusals and reasons as a person would put them.
import type { Refused } from '../answers.ts';
import { words } from './words.ts';

export function plainRefusal({ slug, problem }: Refused): string {
  return wordAt(words().refusals, slug) ?? (problem.detail || words().didNotWork);
}

export function plainReason(reason: string | undefined): string {
  return wordAt(words().reasons, reason ?? '') ?? words().cancelledSomehow;
}

function wordAt(table: object, name: string): string | undefined {
  const said: unknown = Object.hasOwn(table, name) ? Reflect.get(table, name) : undefined;
  return typeof said === 'string' ? said : undefined;
}
