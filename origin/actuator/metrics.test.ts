import { describe, expect, it } from 'vitest';
import { FUNNEL_STAGES } from '../../shared/words.ts';
import { createMetrics } from './metrics.ts';

const linesOf = async (metrics: ReturnType<typeof createMetrics>, name: string) =>
  (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));

describe('metrics', () => {
  it('know every stage of the funnel before anyone came', async () => {
    const metrics = createMetrics();
    const stages = await linesOf(metrics, 'seckill_funnel_total');
    expect(stages).toEqual(
      FUNNEL_STAGES.map((stage) => `seckill_funnel_total{stage="${stage}"} 0`),
    );
    metrics.funnel('reserved', 3);
    metrics.funnel('reserved');
    expect(await linesOf(metrics, 'seckill_funnel_total{stage="reserved"}')).toEqual([
      'seckill_funnel_total{stage="reserved"} 4',
    ]);
  });

  it('count batches by size and time', async () => {
    const metrics = createMetrics();
    metrics.reserveBatch({ size: 64, seconds: 0.002 });
    metrics.writerBatch({ rows: 100, seconds: 0.004 });
    const sums = await linesOf(metrics, 'seckill_');
    expect(sums).toContain('seckill_reserve_batch_size_sum 64');
    expect(sums).toContain('seckill_reserve_seconds_sum 0.002');
    expect(sums).toContain('seckill_writer_batch_size_sum 100');
    expect(sums).toContain('seckill_writer_seconds_count 1');
  });

  it('forget the gauges of a SKU whose activity is gone', async () => {
    const metrics = createMetrics();
    metrics.fence('sku_1', 'closed');
    metrics.line('sku_1', { waiting: 3, stock: 7 });
    metrics.line('sku_2', { waiting: 0, stock: 1 });
    expect(await linesOf(metrics, 'seckill_fence_closed{')).toEqual([
      'seckill_fence_closed{sku="sku_1"} 1',
    ]);
    metrics.forgetSku('sku_1');
    const left = (await metrics.registry.metrics())
      .split('\n')
      .filter((line) => line.includes('sku='));
    expect(left.sort()).toEqual([
      'seckill_line_waiting{sku="sku_2"} 0',
      'seckill_stock{sku="sku_2"} 1',
    ]);
  });

  it('tell which jobs this instance leads, and that it leads no more', async () => {
    const metrics = createMetrics();
    metrics.leads([{ job: 'relay', term: 5 }]);
    expect(await linesOf(metrics, 'seckill_leader_term{job="relay"}')).toEqual([
      'seckill_leader_term{job="relay"} 5',
    ]);
    metrics.leads([]);
    expect(await linesOf(metrics, 'seckill_leader_term{job="relay"}')).toEqual([
      'seckill_leader_term{job="relay"} 0',
    ]);
  });

  it('of two origins in one process stay apart', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.refused('edge-signature');
    expect(await linesOf(one, 'seckill_refusals_total{')).toEqual([
      'seckill_refusals_total{kind="edge-signature"} 1',
    ]);
    expect(await linesOf(other, 'seckill_refusals_total{')).toEqual([]);
  });
});
