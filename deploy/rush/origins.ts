// The origins of a rush: as many real processes, which begin together.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Assignment, parseTold, type Told } from './messages.ts';

export interface Origins {
  /** All of them begin now; resolves to what each was told. */
  go(): Promise<Told[]>;
  /** Ends those that still run. */
  end(): void;
}

const PROGRAM = new URL('origin-process.ts', import.meta.url).pathname;

/** Resolves once each is connected; rejects when one ends before. */
export async function startOrigins(
  count: number,
  assignment: Omit<Assignment, 'origin' | 'origins'>,
): Promise<Origins> {
  const origins = Array.from({ length: count }, (_, origin) =>
    startOrigin({ ...assignment, origin, origins: count }),
  );
  const end = () => {
    for (const { child } of origins) child.kill('SIGKILL');
  };
  try {
    await Promise.all(origins.map(({ nextLine }) => nextLine()));
  } catch (error) {
    end();
    throw error;
  }
  return {
    end,
    async go() {
      for (const { child } of origins) child.stdin.end('go\n');
      return (await Promise.all(origins.map(({ nextLine }) => nextLine()))).map(parseTold);
    },
  };
}

function startOrigin(assignment: Assignment) {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(assignment)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  return {
    child,
    async nextLine(): Promise<string> {
      const line = await lines.next();
      if (!line.done) return line.value;
      await exited;
      throw new Error(`origin ${assignment.origin} ended with ${child.exitCode}`);
    },
  };
}
