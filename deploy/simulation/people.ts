// How the people of a simulation behave: when they arrive, whether they come when called, how soon.
import type { Random } from '../crowd/random.ts';

export type Habit = 'page' | 'lognormal' | 'even';

/** Seconds from the call to the first request. */
export function comesAfter(habit: Habit, random: Random): number {
  switch (habit) {
    case 'page':
      return 0.3 + 3.7 * random.next();
    case 'lognormal':
      return 10 * Math.exp(0.6 * gauss(random));
    case 'even':
      return 5 + 55 * random.next();
  }
}

/** The window, in seconds, that people of a habit need. */
export const windowOf = (habit: Habit): number => (habit === 'page' ? 20 : 120);

function gauss(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
