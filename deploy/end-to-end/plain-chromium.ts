// Chromium as people run it, driven by its own protocol: the usual driver switches off what slows
// down tabs that nobody looks at.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { programs, provide } from '../local/services/programs.ts';

export interface Tab {
  /** The value of an expression in the tab's page; promises are waited for. */
  evaluate(expression: string): Promise<unknown>;
  /** Brings it to the front: the others of its window are hidden then. */
  show(): Promise<void>;
}

export interface PlainChromium {
  open(url: string): Promise<Tab>;
  stop(): Promise<void>;
}

const ANSWERS_WITHIN_MS = 20_000;
const answerSchema = v.object({
  id: v.optional(v.number()),
  error: v.optional(v.object({ message: v.string() })),
  result: v.optional(v.record(v.string(), v.unknown()), {}),
});
const madeSchema = v.object({ targetId: v.string() });
const attachedSchema = v.object({ sessionId: v.string() });
const evaluatedSchema = v.object({
  result: v.object({ value: v.optional(v.unknown()) }),
  exceptionDetails: v.optional(v.object({ text: v.string() })),
});

type Ask = (method: string, params: object, sessionId?: string) => Promise<unknown>;

export async function startPlainChromium(dir: string): Promise<PlainChromium> {
  const own = ['--headless=new', '--no-sandbox', '--remote-debugging-port=0'];
  const args = [...own, `--user-data-dir=${dir}`, 'about:blank'];
  const chromium = spawn(await provide(programs.chromium), args, {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const socket = new WebSocket(await addressOf(chromium));
  await once(socket, 'open');
  const ask = askOver(socket);
  return {
    async open(url) {
      const { targetId } = v.parse(madeSchema, await ask('Target.createTarget', { url }));
      const attached = await ask('Target.attachToTarget', { targetId, flatten: true });
      const { sessionId } = v.parse(attachedSchema, attached);
      return {
        evaluate: (expression) => evaluate(ask, sessionId, expression),
        show: async () => void (await ask('Target.activateTarget', { targetId })),
      };
    },
    async stop() {
      const ended = once(chromium, 'exit');
      chromium.kill();
      await ended;
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('nothing is read from Chromium');
  for await (const line of createInterface({ input: stderr })) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
  }
  throw new Error('Chromium ended before it listened');
}

function askOver(socket: WebSocket): Ask {
  const waiting = new Map<number, (answer: v.InferOutput<typeof answerSchema>) => void>();
  let lastId = 0;
  socket.addEventListener('message', ({ data }) => {
    const answer = v.parse(answerSchema, JSON.parse(String(data)));
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  return (method, params, sessionId) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      const id = lastId;
      const late = () => reject(new Error(`${method}: no answer`));
      const timer = setTimeout(late, ANSWERS_WITHIN_MS);
      waiting.set(id, ({ error, result }) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    });
}

async function evaluate(ask: Ask, sessionId: string, expression: string): Promise<unknown> {
  const params = { expression, awaitPromise: true, returnByValue: true };
  const answer = v.parse(evaluatedSchema, await ask('Runtime.evaluate', params, sessionId));
  if (answer.exceptionDetails !== undefined) throw new Error(answer.exceptionDetails.text);
  return answer.result.value;
}
