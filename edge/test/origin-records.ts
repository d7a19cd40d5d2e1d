// The recording origin, seen from a test.
import { inject } from 'vitest';
import type { Play, Recorded } from './provided.ts';

const { originUrl } = inject('surroundings');

/** Requests of a user; by path those that nobody is named in. */
export async function recordedOf(userIdOrPath: string): Promise<Recorded[]> {
  return (await fetch(`${originUrl}/recorded?of=${encodeURIComponent(userIdOrPath)}`)).json();
}

/** The origin answers this user, or nobody at this path, so; the last of the plays stays. */
export async function play(userIdOrPath: string, ...plays: Play[]): Promise<void> {
  await fetch(`${originUrl}/play`, {
    method: 'POST',
    body: JSON.stringify({ of: userIdOrPath, plays }),
  });
}

export const problem = (status: number, members: Readonly<Record<string, unknown>>): Play => ({
  how: 'answer',
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ title: 'x', status, detail: 'x', instance: 'origin', ...members }),
});
