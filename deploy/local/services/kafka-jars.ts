// Kafka without Docker: its own jars, run by Java.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { programs, provide, run } from './programs.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const KAFKA_DIR = join(ROOT, 'deploy/local/kafka');
const CACHED_JARS = join(ROOT, '.local/kafka-jars');

export type JavaProgram = { command: string; options: string[] };

/** Java with Kafka's classes: append a main class and its arguments to `options`. */
export async function javaWithKafka(heap: string): Promise<JavaProgram> {
  const jars = await provideJars();
  const home = process.env.JAVA_HOME;
  const command = home ? join(home, 'bin/java') : await provide(programs.java);
  return {
    command,
    options: [
      ...[`-Xmx${heap}`, '-XX:+UseG1GC', '-Djava.awt.headless=true'],
      `-Dlog4j2.configurationFile=${join(KAFKA_DIR, 'log4j2.properties')}`,
      ...['-cp', ['', '*'].map((name) => join(jars, name)).join(delimiter)],
    ],
  };
}

let jars: Promise<string> | undefined;

/** The directory of the jars: KAFKA_JARS, or the cache, filled through Maven the first time. */
function provideJars(): Promise<string> {
  const given = process.env.KAFKA_JARS;
  if (given !== undefined) return Promise.resolve(given);
  jars ??= existsSync(CACHED_JARS) ? Promise.resolve(CACHED_JARS) : download();
  return jars;
}

async function download(): Promise<string> {
  const maven = await provide(programs.maven);
  console.log('kafka: fetching its jars through Maven (54 MB, once)');
  const unfinished = `${CACHED_JARS}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${unfinished}`];
  await run(maven, ['-q', '-B', '-f', join(KAFKA_DIR, 'pom.xml'), ...goal]);
  // Another process may have been faster; its jars are the same.
  if (existsSync(CACHED_JARS)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, CACHED_JARS);
  return CACHED_JARS;
}
