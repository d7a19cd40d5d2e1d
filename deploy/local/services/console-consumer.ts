import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { javaWithKafka } from './kafka-jars.ts';
import { run } from './programs.ts';

export type ReadBack = {
  bootstrap: string;
  topic: string;
  /** Ends as soon as this many records have been printed. */
  maxMessages: number;
  /** Ends as well when no record has come for this long. */
  timeoutMs?: number;
  /** Settings of Kafka's consumer, e.g. `isolation.level`. */
  consumer?: Record<string, string>;
  /** Settings of the printed form, e.g. `print.key`, `print.headers`, `print.partition`. */
  formatter?: Record<string, string>;
};

/**
 * Reads a topic from its beginning with Kafka's own console consumer and returns one line per
 * record: a second opinion on what is in the log, from a client that is none of ours.
 */
export async function readWithConsoleConsumer(order: ReadBack): Promise<string[]> {
  const java = await javaWithKafka('128m');
  const dir = mkdtempSync(join(tmpdir(), 'console-consumer-'));
  try {
    const consumer = propertyFile(join(dir, 'consumer.properties'), order.consumer);
    const formatter = propertyFile(join(dir, 'formatter.properties'), order.formatter);
    const output = await run(java.command, [
      ...[...java.options, 'org.apache.kafka.tools.consumer.ConsoleConsumer'],
      ...['--bootstrap-server', order.bootstrap, '--topic', order.topic, '--from-beginning'],
      ...['--max-messages', String(order.maxMessages)],
      ...['--timeout-ms', String(order.timeoutMs ?? 15_000)],
      ...['--command-config', consumer, '--formatter-config', formatter],
    ]);
    return output.split('\n').filter((line) => line !== '');
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function propertyFile(path: string, settings: Record<string, string> = {}): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(path, lines.join(''));
  return path;
}
