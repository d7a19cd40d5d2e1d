// Provides the four services: those that the environment names, else containers, else processes
// of this machine; what an earlier run left running is found again.
import pc from 'picocolors';
import { canCompose, composeUp } from './compose.ts';
import { type Endpoint, type Need, needs } from './needs.ts';
import { LOOPBACK, preferPort } from './services/ports.ts';
import { endProcess, lastRecordIn, runningIn } from './services/process.ts';
import { untilAnswered } from './services/requests.ts';
import { dataDir, type Provider, readUpFile, type UpFile, writeUpFile } from './up-file.ts';

type Provided = { need: Need; endpoint: Endpoint; provider: Provider; note: string };

const ANSWERS_WITHIN_MS = 5_000;
const COMPOSED_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;

/** Answers once all four have answered a real request and `.local/up.json` is written. */
export async function bringUp(): Promise<UpFile> {
  const started = performance.now();
  const ours = needs.filter((need) => need.named(process.env) === undefined);
  const idle = ours.filter((need) => runningIn(dataDir(need.name)) === undefined);
  const composed = await compose(idle);
  const attempts = await Promise.allSettled(
    needs.map(async (need) => {
      const provided = await provide(need, composed.get(need)).catch((cause: Error) => {
        throw new Error(`${need.name}: ${cause.message}`, { cause });
      });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const { text } = provided.endpoint;
      console.log(`${pc.bold(need.name.padEnd(7))}${text}  ${provided.note}  ${seconds} s`);
      return provided;
    }),
  );
  const provided = attempts.flatMap((a) => (a.status === 'fulfilled' ? [a.value] : []));
  const file = writeUpFile(provided);
  const failures = attempts.flatMap((a) => (a.status === 'rejected' ? [a.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, 'a service could not be provided');
  return file;
}

async function provide(need: Need, composedPort?: number): Promise<Provided> {
  const named = need.named(process.env);
  if (named !== undefined) {
    await untilAnswered(named.ask, ANSWERS_WITHIN_MS);
    return { need, endpoint: named, provider: { by: 'environment' }, note: 'from the environment' };
  }
  if (composedPort === undefined) return fromProcess(need);
  const endpoint = need.at({ host: LOOPBACK, port: composedPort });
  await untilAnswered(endpoint.ask, COMPOSED_WITHIN_MS);
  return { need, endpoint, provider: { by: 'docker', port: composedPort }, note: 'container' };
}

/** The ports of the containers; empty where there is no engine or it cannot have the images. */
async function compose(wanted: Need[]): Promise<Map<Need, number>> {
  if (wanted.length === 0 || !canCompose()) return new Map();
  const before = readUpFile()?.providedBy;
  const ports = new Map<Need, number>();
  for (const need of wanted) {
    const earlier = before?.[need.name];
    const earlierPort = earlier?.by === 'docker' ? earlier.port : undefined;
    ports.set(need, earlierPort ?? (await preferPort(need.defaultPort)));
  }
  console.log(`starting containers: ${wanted.map((need) => need.name).join(', ')}`);
  try {
    await composeUp(ports);
    return ports;
  } catch (error) {
    console.log(`${String(error).trim()}\nno containers, so processes of this machine instead`);
    return new Map();
  }
}

async function fromProcess(need: Need): Promise<Provided> {
  const dir = dataDir(need.name);
  const by = 'process';
  const running = runningIn(dir);
  if (running !== undefined) {
    const endpoint = need.at(running);
    const answers = await untilAnswered(endpoint.ask, ANSWERS_WITHIN_MS).then(
      () => true,
      () => false,
    );
    if (answers) return { need, endpoint, provider: { by }, note: 'running already' };
    console.log(`${need.name}: process ${running.pid} does not answer, starting it again`);
    await endProcess({ pid: running.pid, signal: 'SIGTERM', withinMs: STOP_WITHIN_MS });
  }
  const wanted = lastRecordIn(dir)?.port ?? need.defaultPort;
  const port = await preferPort(wanted);
  const service = await need.start({ dir, port });
  const note = port === wanted ? 'started' : `started (port ${wanted} is taken)`;
  return { need, endpoint: need.at(service), provider: { by }, note };
}
