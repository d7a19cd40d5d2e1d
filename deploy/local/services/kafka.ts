import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { javaWithKafka } from './kafka-jars.ts';
import { freePort, LOOPBACK } from './ports.ts';
import { run } from './programs.ts';
import { askKafka } from './requests.ts';
import { launch, type Service, type StartOptions } from './service.ts';

const READY_WITHIN_MS = 60_000;
const HEAP = '512m';

/** One KRaft node, broker and controller at once; `url` is what KAFKA_BOOTSTRAP_SERVERS takes. */
export async function startKafka(options: StartOptions): Promise<Service> {
  const java = await javaWithKafka(HEAP);
  mkdirSync(options.dir, { recursive: true });
  const port = options.port ?? (await freePort());
  const data = join(options.dir, 'data');
  const config = join(options.dir, 'server.properties');
  writeFileSync(config, settings({ port, controllerPort: await freePort(), data }));
  if (!existsSync(join(data, 'meta.properties'))) {
    const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', config];
    await run(java.command, [...java.options, ...format]);
  }
  const url = `${LOOPBACK}:${port}`;
  return launch({
    ...options,
    name: 'kafka',
    port,
    command: java.command,
    args: [...java.options, 'kafka.Kafka', config],
    url,
    request: () => askKafka(url),
    readyWithinMs: READY_WITHIN_MS,
  });
}

/** The voters stand in the settings, not in the data, so the controller's port may change. */
function settings(node: { port: number; controllerPort: number; data: string }): string {
  const controller = `${LOOPBACK}:${node.controllerPort}`;
  const broker = `${LOOPBACK}:${node.port}`;
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${controller}
listeners=BROKER://${broker},CONTROLLER://${controller}
advertised.listeners=BROKER://${broker}
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${node.data}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
`;
}

/** 16 random bytes in base64url, the form that Kafka gives its own ids; never like an option. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}
