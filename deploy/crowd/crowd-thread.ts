// Gives the crowd a thread of its own: a busy crowd must not make its watcher's clock late, nor the
// drawing of the watcher make the crowd late.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type CrowdPlan, runCrowd } from './crowd.ts';
import type { CrowdProgress, CrowdReport } from './outcome.ts';

type Message =
  | { readonly kind: 'progress'; readonly progress: CrowdProgress }
  | { readonly kind: 'report'; readonly report: CrowdReport };

export interface Crowd {
  readonly report: Promise<CrowdReport>;
  /** Sends everybody home at once; the report is then never given. */
  stop(): Promise<unknown>;
}

export function startCrowd(plan: CrowdPlan, onProgress: (progress: CrowdProgress) => void): Crowd {
  const thread = new Worker(import.meta.filename, { workerData: plan });
  const report = new Promise<CrowdReport>((resolve, reject) => {
    thread.on('message', (message: Message) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else resolve(message.report);
    });
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the crowd went away (${code})`)));
  });
  return { report, stop: () => thread.terminate() };
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const send = (message: Message) => port.postMessage(message);
  const report = await runCrowd(workerData, (progress) => send({ kind: 'progress', progress }));
  send({ kind: 'report', report });
}
