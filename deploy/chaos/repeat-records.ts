// Publishes what the order log holds once more: late duplicates, as a relay makes them that woke up
// behind its successor. In a process of its own, for a client of a Kafka that dies may wait forever.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Stack } from '../stack/stack.ts';

const PROCESS = join(import.meta.dirname, 'repeat-process.ts');
const ONE_WITHIN_MS = 25_000;
const ALL_WITHIN_MS = 75_000;
const AGAIN_AFTER_MS = 500;

/**
 * After `afterMs` what was read is appended to the partitions where it came from, in its order.
 * Tried again while Kafka is away.
 */
export async function repeatRecords(
  { database }: Stack,
  { topic, afterMs }: { topic: string; afterMs: number },
): Promise<void> {
  if (database.kind !== 'mysql') throw new Error('the embedded stack has no topic');
  const args = [PROCESS, database.places.kafka.bootstrap, topic, String(afterMs)];
  const until = performance.now() + ALL_WITHIN_MS;
  for (;;) {
    try {
      const flags = ['--disable-warning=TimeoutNegativeWarning'];
      const limits = { timeout: ONE_WITHIN_MS, killSignal: 'SIGKILL' } as const;
      await promisify(execFile)(process.execPath, [...flags, ...args], limits);
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(AGAIN_AFTER_MS);
    }
  }
}
