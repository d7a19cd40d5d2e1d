import { afterAll, beforeAll, expect, it } from 'vitest';
import { EDGE_EVENTS_PATH } from '../../../shared/edge-events.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { sendSigned } from '../signature/signed-client.ts';

let origin: EmbeddedOrigin;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
});
afterAll(() => origin.close());

const tell = (counts: unknown) =>
  sendSigned(origin.url, { path: EDGE_EVENTS_PATH, body: JSON.stringify({ counts }), claims: {} });

async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${origin.actuatorUrl}/actuator/prometheus`)).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length) ?? 0);
}

it('adds what edges counted to the funnel and to the events, under known names alone', async () => {
  const answer = await tell({ requests: 7, l1: 5, 'ip-limit counts here': 2, 'made up': 3 });
  expect(answer.status).toBe(204);
  expect(await metric('seckill_funnel_total{stage="requests"}')).toBe(7);
  expect(await metric('seckill_funnel_total{stage="l1"}')).toBe(5);
  expect(await metric('seckill_edge_events_total{event="ip-limit counts here"}')).toBe(2);
  expect(await metric('seckill_edge_events_total{event="other"}')).toBe(3);
});

it.each([[{ requests: -1 }], [{ requests: 1.5 }], [{ requests: 1e12 }], [['requests']], [null]])(
  'refuses %j and counts nothing',
  async (counts) => {
    const before = await metric('seckill_funnel_total{stage="requests"}');
    expect((await tell(counts)).status).toBe(400);
    expect(await metric('seckill_funnel_total{stage="requests"}')).toBe(before);
  },
);

it('believes edges alone', async () => {
  const body = JSON.stringify({ counts: { requests: 1 } });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${origin.url}${EDGE_EVENTS_PATH}`, { method: 'POST', body, headers });
  expect(answer.status).toBe(401);
});
