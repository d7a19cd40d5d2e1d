import type { ChainableCommander } from 'ioredis';

/**
 * Runs a pipeline; its replies in order, or the first error among those that are `needed`, thrown.
 * Behind them an error reads undefined.
 */
export async function pipelined(
  pipeline: ChainableCommander,
  needed = Number.POSITIVE_INFINITY,
): Promise<unknown[]> {
  const replies = await pipeline.exec();
  return (replies ?? []).map(([error, reply], index) => {
    if (error !== null && index < needed) throw error;
    return reply;
  });
}
