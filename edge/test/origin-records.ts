// The recording origin, seen from a test.
import { inject } from 'vitest';
import type { Play, Recorded } from './provided.ts';

const { originUrl } = inject('surroundings');

export async function recordedOf(userId: string): Promise<Recorded[]> {
  return (await fetch(`${originUrl}/recorded?sub=${encodeURIComponent(userId)}`)).json();
}

/** The origin answers this user so, one play after the other; the last one stays. */
export async function play(userId: string, ...plays: Play[]): Promise<void> {
  await fetch(`${originUrl}/play`, {
    method: 'POST',
    body: JSON.stringify({ sub: userId, plays }),
  });
}

export const problem = (status: number, members: Readonly<Record<string, unknown>>): Play => ({
  how: 'answer',
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ title: 'x', status, detail: 'x', instance: 'origin', ...members }),
});
