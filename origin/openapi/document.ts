// OpenAPI 3.1 of the public API, made from the schemas that validate and from the one map of
// refusals: what cannot be answered cannot be written here.
import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { PROBLEM_CONTENT_TYPE } from '../../shared/problem.ts';
import { PROBLEMS } from '../../shared/problem-table.ts';
import type { RefusalKind } from '../../shared/refusal.ts';
import { drawPageSchema } from '../draw/draw-report.ts';
import { activityOperations } from './activities.ts';
import * as answers from './answers.ts';
import { buyerOperations } from './buyers.ts';
import type { Operation, Success } from './operation.ts';

export type Json = { readonly [member: string]: unknown };

export const OPERATIONS: readonly Operation[] = [...buyerOperations, ...activityOperations];

const SCHEMAS: Readonly<Record<string, GenericSchema>> = {
  Reserved: answers.reservedSchema,
  OrderStatus: answers.orderStatusSchema,
  Place: answers.placeSchema,
  Sale: answers.saleSchema,
  DrawPage: drawPageSchema,
  Activity: answers.activitySchema,
  Activities: answers.activityPageSchema,
  Challenge: answers.challengeSchema,
  DeviceToken: answers.deviceTokenSchema,
  Token: answers.tokenSchema,
  Problem: answers.problemSchema,
};

/** Of every operation: paths that are no path of it, and methods that it has not. */
const OF_PATHS: readonly RefusalKind[] = ['not-found', 'method-not-allowed'];

export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: told(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: 'Flash-sale gateway', version, license: { name: 'MIT', identifier: 'MIT' } },
      description: 'Errors are RFC 9457 problem documents; `type` is `/problems/<slug>`.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(SCHEMAS).map(([name, schema]) => [name, jsonSchema(schema)]),
      ),
      securitySchemes: {
        buyer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        admin: {
          ...{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          description: 'With `role: "admin"`.',
        },
      },
    },
  };
}

/** What a body must be; rules that JSON Schema cannot tell are the call's to refuse. */
export function jsonSchema(schema: GenericSchema): Json {
  const { $schema: _dialect, ...rest } = toJsonSchema(schema, {
    ...{ target: 'draft-2020-12', typeMode: 'input', errorMode: 'ignore' },
  });
  return rest;
}

function told(operation: Operation): Json {
  const { id, tag, summary, who, body } = operation;
  const security = who === 'buyer' || who === 'admin' ? [{ [who]: [] }] : [];
  const parameters = parametersOf(operation);
  const content = body && { 'application/json': { schema: jsonSchema(body) } };
  return {
    ...{ operationId: id, tags: [tag], summary, security },
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(content === undefined ? {} : { requestBody: { content } }),
    responses: { ...successes(operation.answers), ...refusalsOf(operation) },
  };
}

function parametersOf({ params = {}, query = {}, headers = {} }: Operation): Json[] {
  const text = { type: 'string' };
  return [
    ...Object.entries(params).map(([name, description]) => ({
      ...{ name, in: 'path', required: true, description, schema: text },
    })),
    ...Object.entries(query).map(([name, schema]) => ({
      ...{ name, in: 'query', required: false, schema: jsonSchema(schema) },
    })),
    ...Object.entries(headers).map(([name, required]) => ({
      ...{ name, in: 'header', required, schema: text },
    })),
  ];
}

function successes(byStatus: Readonly<Record<number, Success>>): Json {
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, { about, schema, headers = [] }]) => {
      const $ref = `#/components/schemas/${schema}`;
      const content = schema && { content: { 'application/json': { schema: { $ref } } } };
      return [status, { description: about, ...headersOf(headers), ...content }];
    }),
  );
}

const headersOf = (names: readonly string[]): Json =>
  names.length === 0
    ? {}
    : { headers: Object.fromEntries(names.map((name) => [name, { schema: { type: 'string' } }])) };

/** Statuses with the slugs that each can have. */
export function slugsByStatus({ refusals }: Operation): ReadonlyMap<number, readonly string[]> {
  const slugs = new Map<number, string[]>();
  for (const kind of [...refusals, ...OF_PATHS]) {
    const problem = PROBLEMS.get(kind);
    if (problem === undefined) throw new Error(`no problem is known for ${kind}`);
    slugs.set(problem.status, [...(slugs.get(problem.status) ?? []), problem.slug]);
  }
  return slugs;
}

function refusalsOf(operation: Operation): Json {
  const entries = [...slugsByStatus(operation)].map(([status, slugs]) => {
    const types = slugs.map((slug) => `/problems/${slug}`);
    const schema = {
      allOf: [
        { $ref: '#/components/schemas/Problem' },
        { properties: { type: { enum: types }, status: { const: status } } },
      ],
    };
    const problems = [...PROBLEMS.values()].filter(({ slug }) => slugs.includes(slug));
    const waits = problems.some(({ hasRetryAfter, status: of }) => hasRetryAfter && of === status);
    const response = {
      description: slugs.map((slug) => `\`${slug}\``).join(', '),
      ...headersOf(waits ? ['Retry-After'] : []),
      content: { [PROBLEM_CONTENT_TYPE]: { schema } },
    };
    return [status, response];
  });
  return Object.fromEntries(entries);
}
