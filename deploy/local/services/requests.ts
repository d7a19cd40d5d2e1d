// One real request to each kind of server: proof that it works, not only that its port is open.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, withDatabase } from './database.ts';
import { countBrokers } from './kafka-metadata.ts';

export type Address = { host: string; port: number };

const ANSWER_WITHIN_MS = 2_000;

/** PING; a server that is still loading its data answers an error, so it counts as away. */
export function askRedis({ host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: ANSWER_WITHIN_MS });
    const fail = (reason: string) => {
      socket.destroy();
      reject(new Error(`${host}:${port}: ${reason}`));
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('error', (error) => fail(error.message));
    socket.once('timeout', () => fail('no answer to PING'));
    socket.once('end', () => fail('hung up'));
    socket.once('data', (answer) => {
      if (!answer.toString().startsWith('+PONG')) return fail(answer.toString().trim());
      socket.destroy();
      resolve();
    });
  });
}

/** SELECT 1 with the application's own user and database. */
export async function askDatabase(database: Database): Promise<void> {
  await withDatabase(database, (execute) => execute('select 1'));
}

/** A metadata request to the first of the brokers; one must have joined the cluster. */
export async function askKafka(bootstrap: string): Promise<void> {
  const { hostname: host, port } = new URL(`kafka://${bootstrap.split(',')[0]}`);
  const brokers = await countBrokers({ host, port: Number(port), withinMs: ANSWER_WITHIN_MS });
  if (brokers === 0) throw new Error(`${bootstrap}: no broker has joined the cluster yet`);
}

/** Writes a key, reads it back and removes it, through the JSON gateway of etcd's API. */
export async function askEtcd(endpoints: string): Promise<void> {
  const [endpoint = ''] = endpoints.split(',');
  const key = btoa(`local-services/${randomUUID()}`);
  const call = async (path: string, body: object): Promise<{ kvs?: unknown[] }> => {
    const answer = await fetch(new URL(`/v3/kv/${path}`, endpoint), {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch((cause) => {
      throw new Error(`${endpoint}: no answer to ${path}`, { cause });
    });
    if (!answer.ok) throw new Error(`${endpoint}: ${answer.status} to ${path}`);
    return JSON.parse(await answer.text());
  };
  await call('put', { key, value: btoa('1') });
  const found = await call('range', { key });
  await call('deleterange', { key });
  if (found.kvs?.length !== 1) throw new Error(`${endpoint}: a key written is not found`);
}

/** Repeats a request until it is answered; the last refusal is the error. */
export async function untilAnswered(request: () => Promise<void>, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
    await pause(100);
  }
}
