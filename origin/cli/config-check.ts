// `config check`: what the environment means, and whether the services that it names are set up as
// the origin promises.
import { parseArgs } from 'node:util';
import { type OriginConfig, readConfig } from '../config.ts';
import { type Inspected, inspectAll } from '../inspection/inspection.ts';
import { inspectionsOf } from '../inspection/inspections.ts';
import { type Command, UsageError } from './command.ts';
import { checkEdge } from './edge-check.ts';

const SECRET = /SECRET|PASSWORD|KEYS/;
const MASK = '********';

export const configCheck: Command = {
  name: 'config check',
  usage: 'config check [--offline | --all | --edge ENV [--secrets FILE]]',
  about: [
    'Checks the environment, prints what it means with secrets masked, and asks the services.',
    '',
    'Asked are Redis (persistence, memory, replicas), the database (isolation, strictness), topics',
    '(partitions, retention, replicas), etcd (live settings) and all clocks. What is not as promised',
    'makes the exit code 1; what is not reachable does so with --all.',
    '',
    '  --offline  asks nobody',
    '  --all      every service must be reachable',
    '  --edge ENV  in place of that: what `wrangler deploy --env ENV` gives the Worker',
    '  --secrets FILE  its secrets, as for `wrangler secret bulk`: JSON or lines NAME=text',
  ].join('\n'),
  async run(args, output) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        offline: { type: 'boolean' },
        all: { type: 'boolean' },
        edge: { type: 'string' },
        secrets: { type: 'string' },
      },
    });
    const { edge: environment, secrets: secretsFile } = values;
    if (environment !== undefined) return checkEdge({ environment, secretsFile }, output);
    if (secretsFile !== undefined) throw new UsageError('--secrets goes with --edge.');
    const config = readConfig();
    const settings = maskSecrets(config);
    const services = values.offline ? [] : await inspectAll(inspectionsOf(config));
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${String(value)}`);
    output.result({ settings, services }, [...lines, '', ...services.flatMap(linesOf)]);
    const bad = values.all ? ['not as promised', 'not reachable'] : ['not as promised'];
    return services.some(({ status }) => bad.includes(status)) ? 1 : 0;
  },
};

const linesOf = ({ name, status, faults }: Inspected): string[] => [
  `${name} is ${status}`,
  ...faults.map((fault) => `  ${fault}`),
];

/** Every setting by name, with those that must not be read over a shoulder made unreadable. */
export function maskSecrets(config: OriginConfig): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      SECRET.test(name) && value !== '' && value !== undefined ? MASK : value,
    ]),
  );
}
