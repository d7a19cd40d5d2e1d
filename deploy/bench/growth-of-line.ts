// Whether a first purchase costs the same however long the line is that it joins.
import type { Redis } from '../../origin/redis/client.ts';
import { costOf } from './cost.ts';
import { type Line, openLine } from './line.ts';
import { type BenchResult, flatness } from './result.ts';

const ROUNDS = 5;
const NEWCOMERS = 4_000;
const SIZES = [1_000, 100_000, 1_000_000] as const;

export async function growthOfLine(
  redis: Redis,
  progress: (message: string) => void,
): Promise<BenchResult[]> {
  const lines: Line[] = [];
  for (const size of SIZES) {
    progress(`a line of ${size.toLocaleString('en-US')} people`);
    const line = await openLine(redis, `line_${size}`);
    await line.join(size);
    lines.push(line);
  }
  progress('joining each of them');
  const costs: number[][] = SIZES.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, line] of lines.entries()) {
      const cost = await costOf(redis, NEWCOMERS, () => line.join(NEWCOMERS));
      // The first round warms up.
      if (round > 0) costs[index]?.push(cost);
    }
  }
  await redis.flushall();
  return flatness({
    ...{ name: 'growth-line', unit: 'µs', against: '1,000 people', sizes: SIZES },
    costs,
  });
}
