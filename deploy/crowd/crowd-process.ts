// Gives the crowd a process of its own: a busy crowd must not make its watcher's clock late, nor the
// drawing of the watcher make the crowd late.
import { fork } from 'node:child_process';
import { type CrowdPlan, runCrowd } from './crowd.ts';
import type { CrowdProgress, CrowdReport } from './outcome.ts';

type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: CrowdProgress }
  | { readonly kind: 'report'; readonly report: CrowdReport };

export interface Crowd {
  readonly report: Promise<CrowdReport>;
  /** Sends everybody home at once; the report is then never given. */
  stop(): Promise<unknown>;
}

export function startCrowd(plan: CrowdPlan, onProgress: (progress: CrowdProgress) => void): Crowd {
  const child = fork(import.meta.filename, { serialization: 'advanced' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const report = new Promise<CrowdReport>((resolve, reject) => {
    child.on('message', (message: Message) => {
      if (message.kind === 'ready') child.send(plan, (error) => error && reject(error));
      else if (message.kind === 'progress') onProgress(message.progress);
      else resolve(message.report);
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the crowd went away (${code})`)));
  });
  return {
    report,
    stop() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

if (import.meta.main) {
  const send = (message: Message) => process.send?.(message);
  // Whoever watches says when to stop: Ctrl-C reaches this process too.
  process.on('SIGINT', () => undefined);
  process.once('disconnect', () => process.exit());
  process.once('message', async (plan: CrowdPlan) => {
    const report = await runCrowd(plan, (progress) => send({ kind: 'progress', progress }));
    process.send?.({ kind: 'report', report } satisfies Message, () => process.disconnect());
  });
  send({ kind: 'ready' });
}
