import { relative } from 'node:path';

/** The part of Vitest's JSON report that is counted. */
export type Report = {
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
};

export type Counts = { passed: number; failed: number; failures: string[]; skipped: string[] };

/**
 * Counts tests. A file that could not be loaded, a run without a report and a run that failed
 * for a reason that no test shows (an error outside of tests) count as one failure each, so
 * that zero failures always means a run that ended well.
 */
export function countResults(run: {
  report: Report | undefined;
  exitCode: number;
  isSkippedAllowed: boolean;
}): Counts {
  const files = run.report?.testResults ?? [];
  const tests = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({
      status,
      name: `${relative(process.cwd(), name)}: ${fullName}`,
    })),
  );
  const named = (...statuses: string[]) =>
    tests.filter(({ status }) => statuses.includes(status)).map(({ name }) => name);
  const passed = named('passed');
  const skipped = named('pending', 'skipped', 'todo', 'disabled');
  const failures = named('failed');
  for (const { name, status, assertionResults } of files) {
    const isShown = assertionResults.some((test) => test.status === 'failed');
    if (status === 'failed' && !isShown) failures.push(`${relative(process.cwd(), name)}: not run`);
  }
  if (!run.isSkippedAllowed) failures.push(...skipped.map((name) => `${name} (skipped)`));
  if (failures.length === 0 && run.exitCode !== 0) failures.push('the run itself');
  return { passed: passed.length, failed: failures.length, failures, skipped };
}
