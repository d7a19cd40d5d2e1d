// The Worker of a bench with all that it speaks to, and buyers whose requests are made ahead.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createDeviceTokens } from '../../edge/device/device-token.ts';
import { createFactNames } from '../../edge/facts/fact-names.ts';
import { createUserHash } from '../../edge/identity/user-key.ts';
import { createTickets } from '../../edge/ticket/ticket.ts';
import { connectRedis } from '../../origin/redis/connection.ts';
import { edgeKeys } from '../../shared/keys.ts';
import { mintUlid } from '../../shared/order-id.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';
import { listenOnLoopback } from '../local/services/loopback-server.ts';
import { startRedis } from '../local/services/redis.ts';
import { startBridge } from '../stack/bridge.ts';
import { startEdge } from '../stack/edge.ts';
import { commandBridge, openLine, statusOfLine } from '../stack/line-by-hand.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { edgeVars } from '../stack/settings.ts';
import type { Sent } from './load.ts';

const HOUR_MS = 3_600_000;
const ANSWER = '{"state":"RESERVED"}';

export interface EdgeShop {
  readonly url: string;
  readonly vars: Readonly<Record<string, string>>;
  /** Puts up a sale of this name, its document changed; documents are not refreshed. */
  putUp(skuId: string, changes?: Partial<SaleStatus>): Promise<void>;
  /** A purchase by each of so many users, from an address of its own. */
  purchases(skuId: string, count: number): Promise<Sent[]>;
  /** A poll of each of so many places, all of which wait. */
  polls(skuId: string, count: number): Promise<Sent[]>;
  /** Commands that the line's Redis has been given so far. */
  redisCommands(): Promise<number>;
  stop(): Promise<void>;
}

const activityOf = (skuId: string): string => `${skuId}-1`;

export async function openEdgeShop(dir: string): Promise<EdgeShop> {
  const redis = await startRedis({
    dir: join(dir, 'redis'),
    appendfsync: 'no',
    args: ['--appendonly', 'no'],
  });
  const counter = connectRedis({ ...redis, name: 'bench', commandTimeoutMs: 10_000 });
  const secrets = makeSecrets();
  const token = secrets.bridge;
  const bridge = await startBridge({ dir: join(dir, 'bridge'), port: undefined, token, redis });
  const origin = await listenOnLoopback(
    createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        // With its length, as an origin sends it.
        const length = { 'content-length': ANSWER.length };
        response.writeHead(201, { 'content-type': 'application/json', ...length });
        response.end(ANSWER);
      });
    }),
  );
  const bridgeUrl = `http://${bridge.host}:${bridge.port}`;
  const vars = edgeVars({ secrets, bridgeUrl, originUrl: origin.url });
  const edge = await startEdge({ dir: join(dir, 'edge'), port: undefined, vars });
  const tickets = createTickets(secrets.ticket);
  const hashOf = createUserHash(secrets.ticket);
  const names = createFactNames(secrets.device);
  const devices = createDeviceTokens(secrets.device);

  async function deviceOf(userId: string): Promise<string> {
    return devices.seal({
      user: await names.user(userId),
      names: { device: `device-${userId}`, hardware: `hardware-${userId}` },
      score: 0,
      hits: [],
      level: 'ordinary',
      likeness: 'own',
      hasDevice: true,
      hasInput: true,
      issuedAt: Date.now() - 60_000,
      expiresAt: Date.now() + HOUR_MS,
    });
  }

  return {
    url: `http://${edge.host}:${edge.port}`,
    vars,
    async putUp(skuId, changes = {}) {
      const line = {
        skuId,
        activityId: activityOf(skuId),
        startAt: Date.now() - 1_000,
        endAt: Date.now() + HOUR_MS,
        ratePerSecond: 100_000,
        capacity: 100_000,
        windowMs: HOUR_MS,
      };
      const scoringOff = { challengeAt: 100, denyAt: 100 };
      const status = { ...statusOfLine(line, Date.now()), ...scoringOff, ...changes };
      const place = { url: bridgeUrl, token };
      await commandBridge(place, openLine(line));
      await commandBridge(place, ['SET', edgeKeys.saleStatus(skuId), JSON.stringify(status)]);
    },
    purchases: (skuId, count) =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const userId = `${skuId}-user-${index}`;
          return {
            method: 'POST' as const,
            path: `/api/seckill/${skuId}`,
            headers: {
              authorization: `Bearer ${signedToken(userId, secrets.jwt)}`,
              'x-device-token': await deviceOf(userId),
              'cf-connecting-ip': addressOf(index),
            },
          };
        }),
      ),
    polls: (skuId, count) =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const activityId = activityOf(skuId);
          const userHash = await hashOf({ userId: `user-${index}`, activityId });
          const turn = HOUR_MS + index;
          const ticket = await tickets.sign({
            ...{ skuId, activityId, userHash, ulid: mintUlid(Date.now()) },
            ...{ turn, until: turn + HOUR_MS, entry: null },
          });
          const headers = { 'cf-connecting-ip': addressOf(index) };
          return { method: 'GET' as const, path: `/api/seckill/queue/${ticket}`, headers };
        }),
      ),
    async redisCommands() {
      const [, processed] = /^total_commands_processed:(\d+)/m.exec(await counter.info()) ?? [];
      return Number(processed);
    },
    async stop() {
      counter.disconnect();
      await edge.stop();
      await origin.stop();
      await bridge.stop();
      await redis.stop();
    },
  };
}

const addressOf = (index: number): string =>
  `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

function signedToken(userId: string, secret: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor((Date.now() + HOUR_MS) / 1_000);
  const signed = `${part({ alg: 'HS256' })}.${part({ sub: userId, exp })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
