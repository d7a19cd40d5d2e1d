// Faults, done to the real processes of a stack, and what was hurt started again.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { birthOf, endProcess } from '../local/services/process.ts';
import type { Part } from '../stack/part.ts';
import { type Stack, sweep } from '../stack/stack.ts';
import { leaderOf } from './leader.ts';
import type { Fault } from './plan.ts';
import { repeatRecords } from './repeat-records.ts';

export interface Struck {
  /** Of a fault in flight or done, in words. */
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly fault: Fault;
}

export interface Striker {
  /** The moments of faults are counted from here. */
  begin(): void;
  /** Does the plan's faults, each at its moment; resolves when all that was hurt answers again. */
  strikeAll(faults: readonly Fault[]): Promise<readonly Struck[]>;
  /** Parts that ended although nobody had killed them; they are started again. */
  readonly ended: readonly string[];
  /** Strikes no more; waits a while for what is being started again. */
  close(): Promise<void>;
}

export interface StrikerOptions {
  readonly dir: string;
  readonly topic: string;
  /** Names of the origins, in the order of their actuators. */
  readonly origins: readonly string[];
  /** Those of them that may bring events from the outbox to the order log. */
  readonly relays: readonly string[];
  readonly tell: (text: string) => void;
}

const KILLED_WITHIN_MS = 5_000;
const RESTART_EVERY_MS = 500;
const RESTARTED_WITHIN_MS = 45_000;
const CLOSED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 250;
/** How old the copy is that Redis is rolled back to. */
const COPY_BEFORE_MS = 2_500;

export function createStriker(stack: Stack, options: StrikerOptions): Striker {
  const { dir, tell, topic, relays } = options;
  const data = join(dir, 'redis', 'appendonlydir');
  const busy = new Map<string, Promise<void>>();
  const ended: string[] = [];
  const closing = new AbortController();
  let startedAt = performance.now();
  const now = () => Math.round(performance.now() - startedAt);
  const untilMs = (ms: number) =>
    pause(Math.max(0, ms - now()), undefined, { signal: closing.signal });

  const partOf = (name: string): Part => {
    const part = stack.parts.find((each) => each.name === name);
    if (part === undefined) throw new Error(`the stack has no ${name}`);
    return part;
  };

  /** One thing at a time happens to a part. */
  async function alone(name: string, work: () => Promise<void>): Promise<void> {
    const before = busy.get(name) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    busy.set(name, settled);
    await mine;
    if (busy.get(name) === settled) busy.delete(name);
  }

  async function strike(fault: Fault): Promise<Struck> {
    const { action, atMs, forMs } = fault;
    const copy = join(dir, `copy-of-redis-${atMs}`);
    if (action === 'roll-back') {
      await untilMs(atMs - COPY_BEFORE_MS);
      cpSync(data, copy, { recursive: true });
    }
    await untilMs(atMs);
    const name = await nameOf(fault);
    const text = `${action} ${name}${forMs > 0 ? ` for ${forMs} ms` : ''}`;
    let fromMs = now();
    await alone(name, async () => {
      closing.signal.throwIfAborted();
      fromMs = now();
      tell(text);
      await hurt({ name, fault, copy });
    });
    tell(`${name} is back`);
    return { text, fromMs, toMs: now(), fault };
  }

  /** Of those that could relay, the one that does. */
  async function nameOf({ target }: Fault): Promise<string> {
    if (target !== 'relay') return target;
    const leader = await leaderOf(stack.actuators, 'relay');
    return options.origins[leader ?? -1] ?? target;
  }

  async function hurt({ name, fault, copy }: { name: string; fault: Fault; copy: string }) {
    const { action, forMs } = fault;
    if (action === 'repeat') return repeatRecords(stack, { topic, afterMs: forMs });
    if (action === 'delay') {
      const asleep = relays.map((each) => alone(each, () => sleepFor(partOf(each), forMs)));
      await Promise.all(asleep);
      return;
    }
    const part = partOf(name);
    if (action === 'pause') return sleepFor(part, forMs);
    await kill(part);
    if (action === 'empty' || action === 'roll-back') rmSync(data, { recursive: true });
    if (action === 'roll-back') cpSync(copy, data, { recursive: true });
    await pause(forMs);
    await startAgain(part, closing.signal);
  }

  /** As an orchestrator would: whatever ended by itself is started again, and remembered. */
  async function supervise(): Promise<void> {
    while (!closing.signal.aborted) {
      for (const part of stack.parts) {
        if (busy.has(part.name) || birthOf(part.service().pid) !== undefined) continue;
        ended.push(part.name);
        tell(`${part.name} ended by itself`);
        void alone(part.name, () => startAgain(part, closing.signal)).catch((error) =>
          tell(String(error)),
        );
      }
      await pause(LOOK_EVERY_MS);
    }
  }
  const supervising = supervise();

  return {
    ended,
    begin() {
      startedAt = performance.now();
    },
    strikeAll: (faults) => Promise.all(faults.map(strike)),
    async close() {
      closing.abort();
      await supervising;
      const healing = Promise.all(busy.values());
      await Promise.race([healing, pause(CLOSED_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

async function sleepFor(part: Part, forMs: number): Promise<void> {
  const service = part.service();
  service.kill('SIGSTOP');
  await pause(forMs);
  service.kill('SIGCONT');
}

async function kill(part: Part): Promise<void> {
  const { pid } = part.service();
  await endProcess({ pid, signal: 'SIGKILL', withinMs: KILLED_WITHIN_MS });
}

/** A part may end again at once while what it needs is away too. */
async function startAgain(part: Part, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + RESTARTED_WITHIN_MS;
  for (;;) {
    try {
      return await part.restart();
    } catch (error) {
      if (signal.aborted || performance.now() > deadline) throw error;
      await pause(RESTART_EVERY_MS);
    }
  }
}

/** Ends all processes without ceremony, those that were being started in `dir` too. */
export async function endAll(parts: readonly Part[], dir: string): Promise<void> {
  await Promise.all(parts.map(kill));
  await sweep(dir);
}
