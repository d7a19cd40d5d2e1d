import type { ChainableCommander } from 'ioredis';

/** Runs a pipeline; its replies in order, or the first error among them, thrown. */
export async function pipelined(pipeline: ChainableCommander): Promise<unknown[]> {
  const replies = await pipeline.exec();
  return (replies ?? []).map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}
