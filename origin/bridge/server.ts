// Entry point of the REST bridge: `node origin/bridge/server.ts`, settings in `--help`.
import { pino } from 'pino';
import { connectRedis } from '../redis/connection.ts';
import { createApp } from './app.ts';
import { type BridgeConfig, bridgeSettings, readBridgeConfig } from './config.ts';

const SHUTDOWN_DEADLINE_MS = 4_000;

if (process.argv.includes('--help')) {
  console.log(`Upstash-compatible REST interface to a Redis server.

Usage: node origin/bridge/server.ts

Environment variables [defaults]:
  ${bridgeSettings().join('\n  ')}`);
} else {
  const result = readBridgeConfig();
  if (result.kind === 'ok') {
    await serve(result.config);
  } else {
    console.error(result.problems.join('\n'));
    process.exitCode = 1;
  }
}

async function serve(config: BridgeConfig): Promise<void> {
  const log = pino({ name: 'bridge' });
  const redis = connectRedis({
    ...config.redis,
    name: 'flash-sale-bridge',
    commandTimeoutMs: config.timeoutMs,
    onError: (error) => log.debug({ reason: error.message }, 'Redis connection failed'),
  });
  let isThere = false;
  redis.on('ready', () => {
    isThere = true;
    log.info('Redis is there');
  });
  redis.on('close', () => {
    // Each failed attempt to reconnect closes again; the first close is the news.
    if (isThere) log.warn('Redis is away');
    isThere = false;
  });
  const app = createApp(config, redis);

  async function stop(signal: NodeJS.Signals): Promise<void> {
    log.info({ signal }, 'stopping');
    // In-flight calls end within their timeout; only a client that never ends its request is cut.
    const deadline = setTimeout(() => app.server.closeAllConnections(), SHUTDOWN_DEADLINE_MS);
    await app.close();
    clearTimeout(deadline);
    isThere = false;
    redis.disconnect();
    log.info('stopped');
  }
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);

  try {
    const url = await app.listen({ host: config.host, port: config.port });
    log.info({ url }, 'listening');
  } catch (error) {
    redis.disconnect();
    log.fatal({ reason: String(error) }, 'cannot listen');
    process.exitCode = 1;
  }
}
