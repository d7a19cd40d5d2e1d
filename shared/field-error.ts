// Turns a schema's complaints into the `errors` member of a problem document.
import type { BaseIssue } from 'valibot';

type Fault = 'unknown' | 'missing' | 'wrong-type' | 'out-of-range' | 'invalid';

export interface FieldError {
  /** RFC 6901 JSON pointer into the body; empty for the body itself. */
  readonly pointer: string;
  readonly code: Fault | 'fixed';
  readonly detail: string;
}

const MAX_ERRORS = 20;
const escapePart = (part: unknown): string =>
  String(part).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');

export function fieldErrors(issues: readonly BaseIssue<unknown>[]): FieldError[] {
  return issues.slice(0, MAX_ERRORS).map((issue) => ({
    pointer: (issue.path ?? []).map((item) => `/${escapePart(item.key)}`).join(''),
    code: codeOf(issue),
    detail: detailOf(issue),
  }));
}

function codeOf(issue: BaseIssue<unknown>): Fault {
  if (issue.type === 'strict_object') {
    if (issue.expected === 'never') return 'unknown';
    return issue.received === 'undefined' ? 'missing' : 'wrong-type';
  }
  if (issue.kind === 'schema') return 'wrong-type';
  return issue.type === 'min_value' || issue.type === 'max_value' ? 'out-of-range' : 'invalid';
}

function detailOf(issue: BaseIssue<unknown>): string {
  switch (codeOf(issue)) {
    case 'unknown':
      return 'This member is not known here.';
    case 'missing':
      return 'This member is required.';
    case 'wrong-type':
      return `Expected ${issue.expected ?? 'another type'}.`;
    case 'out-of-range':
      return `Must be ${issue.requirement === undefined ? 'within range' : `${issue.expected}`}.`;
    case 'invalid':
      return issue.message.slice(0, 200);
  }
}
