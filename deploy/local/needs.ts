// What the full stack needs, and for each service: how the environment names it, where it is
// looked for otherwise, how it is started here and which request proves that it works.
import type { Database } from './services/database.ts';
import { startEtcd } from './services/etcd.ts';
import { startKafka } from './services/kafka.ts';
import { credentials, startMariadb } from './services/mariadb.ts';
import { startRedis } from './services/redis.ts';
import { type Address, askDatabase, askEtcd, askKafka, askRedis } from './services/requests.ts';
import type { Service, StartOptions } from './services/service.ts';

/** Where the four services are; the form of `.local/up.json` and of the tests' `services`. */
export type Places = {
  redis: Address;
  mysql: Database;
  kafka: { bootstrap: string };
  etcd: { endpoints: string };
};

export type ServiceName = keyof Places;

/** A place and the request that proves that the service answers there. */
export type Endpoint = { place: Places[ServiceName]; text: string; ask: () => Promise<void> };

type Environment = Readonly<Record<string, string | undefined>>;

export type Need = {
  name: ServiceName;
  defaultPort: number;
  /** The variable that tells Docker Compose the port to publish. */
  composePort: string;
  /** The endpoint that the environment names, if it names one. */
  named: (env: Environment) => Endpoint | undefined;
  at: (address: Address) => Endpoint;
  start: (options: StartOptions) => Promise<Service>;
};

const redisAt = ({ host, port }: Address): Endpoint => ({
  place: { host, port },
  text: `${host}:${port}`,
  ask: () => askRedis({ host, port }),
});

const mysqlAt = (place: Database): Endpoint => ({
  place,
  text: `${place.host}:${place.port}/${place.database}`,
  ask: () => askDatabase(place),
});

const kafkaAt = (bootstrap: string): Endpoint => ({
  place: { bootstrap },
  text: bootstrap,
  ask: () => askKafka(bootstrap),
});

const etcdAt = (endpoints: string): Endpoint => ({
  place: { endpoints },
  text: endpoints,
  ask: () => askEtcd(endpoints),
});

/** Host and port where the environment gives at least one of them. */
function namedAddress(host?: string, port?: string): Partial<Address> | undefined {
  if (host === undefined && port === undefined) return undefined;
  return { ...(host && { host }), ...(port && { port: Number(port) }) };
}

export const needs: readonly Need[] = [
  {
    name: 'redis',
    defaultPort: 6379,
    composePort: 'REDIS_PORT',
    named: ({ REDIS_HOST, REDIS_PORT }) => {
      const named = namedAddress(REDIS_HOST, REDIS_PORT);
      return named && redisAt({ host: 'localhost', port: 6379, ...named });
    },
    at: redisAt,
    start: startRedis,
  },
  {
    name: 'mysql',
    defaultPort: 3306,
    composePort: 'MYSQL_PORT',
    named: ({ MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_PASSWORD, MYSQL_DATABASE }) => {
      const named = namedAddress(MYSQL_HOST, MYSQL_PORT);
      const account = {
        user: MYSQL_USER ?? credentials.user,
        password: MYSQL_PASSWORD ?? credentials.password,
        database: MYSQL_DATABASE ?? credentials.database,
      };
      return named && mysqlAt({ host: 'localhost', port: 3306, ...named, ...account });
    },
    at: ({ host, port }) => mysqlAt({ host, port, ...credentials }),
    start: startMariadb,
  },
  {
    name: 'kafka',
    defaultPort: 9093,
    composePort: 'KAFKA_PORT',
    named: ({ KAFKA_BOOTSTRAP_SERVERS: bootstrap }) => (bootstrap ? kafkaAt(bootstrap) : undefined),
    at: ({ host, port }) => kafkaAt(`${host}:${port}`),
    start: startKafka,
  },
  {
    name: 'etcd',
    defaultPort: 2379,
    composePort: 'ETCD_PORT',
    named: ({ ETCD_ENDPOINTS: endpoints }) => (endpoints ? etcdAt(endpoints) : undefined),
    at: ({ host, port }) => etcdAt(`http://${host}:${port}`),
    start: startEtcd,
  },
];
