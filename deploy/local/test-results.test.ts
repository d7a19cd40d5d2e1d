import { expect, test } from 'vitest';
import { countResults, type Report } from './test-results.ts';

const file = (status: string, ...tests: string[]): Report['testResults'][number] => ({
  name: `${process.cwd()}/a.test.ts`,
  status,
  assertionResults: tests.map((outcome, index) => ({ fullName: `t${index}`, status: outcome })),
});
const clean = { exitCode: 0, isSkippedAllowed: false };

test('counts passed and failed tests', () => {
  const report = { testResults: [file('passed', 'passed'), file('failed', 'passed', 'failed')] };
  const counts = countResults({ ...clean, report, exitCode: 1 });
  expect(counts).toMatchObject({ passed: 2, failed: 1, failures: ['a.test.ts: t1'] });
});

test('a file that could not be loaded is a failure', () => {
  const report = { testResults: [file('failed')] };
  expect(countResults({ ...clean, report, exitCode: 1 }).failed).toBe(1);
});

test('no report at all is a failure', () => {
  expect(countResults({ ...clean, report: undefined, exitCode: 1 }).failed).toBe(1);
});

test('an error outside of tests is a failure', () => {
  const report = { testResults: [file('passed', 'passed')] };
  expect(countResults({ ...clean, report, exitCode: 1 })).toMatchObject({ passed: 1, failed: 1 });
});

test('a skipped test fails the run unless it is allowed', () => {
  const report = { testResults: [file('passed', 'passed', 'pending')] };
  expect(countResults({ ...clean, report }).failed).toBe(1);
  expect(countResults({ ...clean, report, isSkippedAllowed: true }).failed).toBe(0);
});
