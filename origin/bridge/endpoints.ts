// The four ways in which clients call: one command, a pipeline, a transaction, a path.

import type { Encoding, HttpAnswer } from './answers.ts';
import { answerMany, answerOne, answerRefusal, answerTransaction, errorOf } from './answers.ts';
import type { Answer, Calls } from './calls.ts';
import type { Command, Parsed } from './command.ts';
import { makeCommand, malformed, parseCommand, parseCommands } from './command.ts';
import type { BridgeLimits } from './config.ts';
import { wordsOfPath } from './path-command.ts';

export interface Request {
  /** Path and query as they came. */
  readonly url: string;
  readonly body: Buffer | undefined;
  readonly encoding: Encoding;
}

export type Endpoint = (request: Request) => Promise<HttpAnswer>;

export interface Endpoints {
  readonly command: Endpoint;
  readonly pipeline: Endpoint;
  readonly transaction: Endpoint;
  readonly path: Endpoint;
}

export function createEndpoints(calls: Calls, limits: BridgeLimits): Endpoints {
  async function run(command: Parsed<Command>, encoding: Encoding): Promise<HttpAnswer> {
    if (command.kind !== 'ok') return answerRefusal(command);
    return answerOne(await calls.run(command.value), encoding);
  }

  async function runOrRefuse(command: Parsed<Command>): Promise<Answer> {
    if (command.kind === 'ok') return await calls.run(command.value);
    return { kind: 'error', message: errorOf(command) };
  }

  return {
    async command({ body, encoding }) {
      const json = parseJson(body);
      return run(json.kind === 'ok' ? parseCommand(json.value, limits) : json, encoding);
    },

    async pipeline({ body, encoding }) {
      const json = parseJson(body);
      const commands = json.kind === 'ok' ? parseCommands(json.value, limits) : json;
      if (commands.kind !== 'ok') return answerRefusal(commands);
      return answerMany(await Promise.all(commands.value.map(runOrRefuse)), encoding);
    },

    async transaction({ body, encoding }) {
      const json = parseJson(body);
      const parsed = json.kind === 'ok' ? parseCommands(json.value, limits) : json;
      if (parsed.kind !== 'ok') return answerRefusal(parsed);
      const commands: Command[] = [];
      for (const command of parsed.value) {
        if (command.kind !== 'ok') return answerRefusal(command);
        commands.push(command.value);
      }
      return answerTransaction(await calls.runTransaction(commands), encoding);
    },

    async path({ url, body, encoding }) {
      const words = wordsOfPath(url, body);
      return run(words.kind === 'ok' ? makeCommand(words.value, limits) : words, encoding);
    },
  };
}

function parseJson(body: Buffer | undefined): Parsed<unknown> {
  try {
    return { kind: 'ok', value: JSON.parse(body?.toString() ?? '') };
  } catch {
    return malformed('the body is not JSON');
  }
}
