// Load by wrk: requests that were made ahead, sent one after the other over some connections.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';

export interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Load {
  readonly dir: string;
  readonly url: string;
  /** Sent in turn, from the first again behind the last. */
  readonly requests: readonly Sent[];
  readonly seconds: number;
}

export interface Answered {
  readonly perSecond: number;
  /** Answers that were an error's, 400 and above. */
  readonly errors: number;
  readonly count: number;
}

const CONNECTIONS = 32;
const GRACE_MS = 10_000;

const REPORT = `
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('REPORT{"count":%d,"microseconds":%d,"errors":%d,"lost":%d}\\n',
    summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout))
end
`;

const reportSchema = v.object({
  count: v.number(),
  microseconds: v.number(),
  errors: v.number(),
  lost: v.number(),
});

const run = promisify(execFile);

/** Throws where wrk is missing or an answer was lost. */
export async function sendLoad({ dir, url, requests, seconds }: Load): Promise<Answered> {
  const script = join(dir, 'load.lua');
  const file = join(dir, 'requests.txt');
  writeFileSync(file, requests.map(lineOf).join('\n'));
  writeFileSync(script, `${senderOf(file)}${REPORT}`);
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, url];
  const timeout = 1_000 * seconds + GRACE_MS;
  const { stdout, stderr } = await run('wrk', args, { timeout });
  const report = /REPORT(.*)$/m.exec(stdout)?.[1];
  if (report === undefined) throw new Error(`wrk: ${stdout}${stderr}`);
  const told: unknown = JSON.parse(report);
  const { count, microseconds, errors, lost } = v.parse(reportSchema, told);
  if (lost > 0) throw new Error(`${lost} requests of ${count} got no answer`);
  return { perSecond: (1e6 * count) / microseconds, errors, count };
}

/** One line for each request: method, path, then names and values of header fields. */
const lineOf = ({ method, path, headers = {} }: Sent): string =>
  [method, path, ...Object.entries(headers).flat()].join('\t');

const senderOf = (file: string): string => `
local ready, at = {}, 0
init = function()
  for line in io.lines(${JSON.stringify(file)}) do
    local parts = {}
    for part in string.gmatch(line, '[^\\t]+') do parts[#parts + 1] = part end
    local headers = {}
    for index = 3, #parts, 2 do headers[parts[index]] = parts[index + 1] end
    ready[#ready + 1] = wrk.format(parts[1], parts[2], headers)
  end
end
request = function()
  at = at % #ready + 1
  return ready[at]
end
`;
