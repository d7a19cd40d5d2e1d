// An origin with a payment gateway on either stack, whose database is copied and put back.
import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, inject } from 'vitest';
import { createGateway } from '../../../deploy/gateway/gateway.ts';
import { createDatabase, withDatabase } from '../../../deploy/local/services/database.ts';
import { startRedis } from '../../../deploy/local/services/redis.ts';
import { type OriginConfig, parseConfig } from '../../config.ts';
import { type Origin, startOrigin } from '../../origin.ts';
import { createHttpGateway } from '../../payments/http-gateway.ts';
import { openReadOnly, type ReadStore } from '../../store/open-read-only.ts';
import { openStore } from '../../store/open-store.ts';
import { storeTarget } from '../../store/target.ts';
import { type Ended, runCli } from '../cli/run-cli.ts';
import { fullEnvironment } from '../full-environment.ts';
import { payAtPage, type Reserved } from '../payments/buyer.ts';
import { GATEWAY_SECRET, tell, tillSettings, WEBHOOK_SECRET } from '../payments/till.ts';
import { quietLog } from '../quiet-log.ts';
import { environmentOf } from '../reserve/embedded-origin.ts';

export interface RestoreWorld {
  readonly redis: { readonly host: string; readonly port: number };
  start(): Promise<Origin>;
  /** Reads what is committed, beside an origin or without one. */
  read<Answer>(ask: (rows: ReadStore) => Promise<Answer>): Promise<Answer>;
  backUp(): Promise<void>;
  /** Puts the copy back; no origin may run. */
  putBack(): Promise<void>;
  /** From here on the order log is an empty one. */
  loseLog(): void;
  restoreCheck(...args: string[]): Promise<Ended>;
  /** The gateway takes the money and tells the origin of it. */
  pay(origin: Origin, order: Reserved): Promise<void>;
  close(): Promise<void>;
}

interface Copying {
  backUp(): Promise<void>;
  putBack(): Promise<void>;
}

export async function openRestoreWorld(stack: 'embedded' | 'full'): Promise<RestoreWorld> {
  const dir = join(inject('scratchDir'), `restore-${randomUUID()}`);
  const redis = await startRedis({ dir: join(dir, 'redis') });
  const gateway = createGateway({
    ...{ secret: GATEWAY_SECRET, webhookSecrets: WEBHOOK_SECRET, shopUrl: 'http://127.0.0.1:9' },
  });
  const gatewayUrl = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const file = join(dir, 'test.sqlite');
  const { host, port } = redis;
  const common = { ...environmentOf({ host, port }, file), ...tillSettings(gatewayUrl) };
  const { own, copying } = stack === 'full' ? await fullStack() : embeddedStack(file);
  let env: Record<string, string> = { ...common, ...own, LOAD_AHEAD_SECONDS: '0' };
  if (stack === 'full') await runCli(['migrate'], env);
  const target = storeTarget(configOf(env));
  return {
    ...{ redis: { host, port }, ...copying },
    start: () => startOrigin(configOf(env), quietLog),
    loseLog() {
      env = { ...env, KAFKA_ORDERS_TOPIC: `orders-${randomUUID()}` };
    },
    async read(ask) {
      const rows = await (target.kind === 'sqlite' ? openReadOnly(target.file) : openStore(target));
      try {
        return await ask(rows);
      } finally {
        await rows.close();
      }
    },
    async pay({ url }, { orderId, paymentUrl }) {
      expect(await payAtPage(paymentUrl)).toBe(303);
      const books = createHttpGateway({
        ...{ url: gatewayUrl, publicUrl: gatewayUrl, secret: GATEWAY_SECRET },
        onAway: (error) => expect.fail(String(error)),
      });
      const answer = await books.readSessions([orderId]);
      const paid =
        answer.kind === 'sessions' ? answer.sessions.get(orderId)?.payments[0] : undefined;
      expect((await tell(url, { orderId, paymentId: paid?.paymentId ?? '' })).status).toBe(204);
    },
    restoreCheck: (...args) => runCli(['restore-check', '--json', ...args], env),
    async close() {
      await gateway.close();
      await redis.stop();
    },
  };
}

function configOf(env: Readonly<Record<string, string>>): OriginConfig {
  const parsed = parseConfig(env);
  if (parsed.kind === 'faults') throw new Error(parsed.faults.join('\n'));
  return parsed.config;
}

function embeddedStack(file: string): { own: Record<string, string>; copying: Copying } {
  const copy = `${file}.backup`;
  return {
    own: {},
    copying: {
      async backUp() {
        const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
        database.exec(`vacuum into '${copy}'`);
        database.close();
      },
      async putBack() {
        for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
        cpSync(copy, file);
      },
    },
  };
}

async function fullStack(): Promise<{ own: Record<string, string>; copying: Copying }> {
  const { mysql } = inject('services');
  const database = await createDatabase(mysql);
  const copy = await createDatabase(mysql);
  const server = { ...mysql, database };
  const tables = () =>
    withDatabase(server, async (execute) => {
      const rows: unknown = await execute(
        `select table_name as name from information_schema.tables where table_schema = '${database}'`,
      );
      return Array.isArray(rows) ? rows.map((row: unknown) => String(Object(row).name)) : [];
    });
  async function copyRows(from: string, to: string): Promise<void> {
    const names = await tables();
    await withDatabase(server, async (execute) => {
      for (const name of names) {
        await execute(`create table if not exists ${to}.${name} like ${from}.${name}`);
      }
      // One moment for all tables, as a dump has it.
      await execute('start transaction with consistent snapshot');
      for (const name of names) {
        await execute(`delete from ${to}.${name}`);
        await execute(`insert into ${to}.${name} select * from ${from}.${name}`);
      }
      await execute('commit');
    });
  }
  return {
    own: fullEnvironment(server),
    copying: {
      backUp: () => copyRows(database, copy),
      putBack: () => copyRows(copy, database),
    },
  };
}
