import pc from 'picocolors';
import { bringUp } from './bring-up.ts';
import { readFlags } from './flags.ts';

const HELP = `npm run up

Provides Redis, MySQL or MariaDB, Kafka and etcd, and waits until each answers a real request:
  1. what the environment names is checked and used: REDIS_HOST, REDIS_PORT, MYSQL_HOST, MYSQL_PORT
     (with MYSQL_USER, MYSQL_PASSWORD, MYSQL_DATABASE), KAFKA_BOOTSTRAP_SERVERS, ETCD_ENDPOINTS;
  2. else containers, where a Docker engine answers (deploy/docker/docker-compose.infra.yml);
  3. else processes of this machine, with their data under .local/up.
Ports are 6379, 3306, 9093 and 2379 unless taken. Where everything is written: .local/up.json.
A second run finds what is running. "npm run down" stops what this started.
`;

readFlags({ help: { type: 'boolean', short: 'h' } }, HELP);
try {
  await bringUp();
  console.log(pc.green('up: written to .local/up.json'));
} catch (error) {
  const reasons = error instanceof AggregateError ? error.errors : [error];
  for (const reason of reasons) {
    console.error(pc.red(reason instanceof Error ? reason.message : String(reason)));
  }
  process.exitCode = 1;
}
