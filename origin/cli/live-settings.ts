// `config list`, `config get`, `config set`: the settings that may change while everything runs.
import { parseArgs } from 'node:util';
import { WEIGHTS } from '../../shared/weights.ts';
import { changeSettingsFile, readSettingsFile } from '../settings/file-settings.ts';
import {
  type Author,
  isLiveSettingName,
  LIVE_SETTING_NAMES,
  type LiveSettingName,
} from '../settings/live-settings.ts';
import { readSetting } from '../settings/watched-settings.ts';
import { type Command, UsageError } from './command.ts';
import { findLiveSettings, type LiveSettingsPlace, sourceOf, whoami } from './target.ts';

const DEV = '  --dev    of the system that `npm run dev` is running';
const NAMES = LIVE_SETTING_NAMES.join(', ');
const RULES = Object.keys(WEIGHTS).join(', ');

export const configList: Command = {
  name: 'config list',
  usage: 'config list [--dev]',
  about: ['Lists the live settings with what is in force.', '', DEV].join('\n'),
  async run(args, output) {
    const { source } = parse(args, { least: 0, most: 0 });
    const texts = await readTexts(findLiveSettings(source));
    const shown = LIVE_SETTING_NAMES.map((name) => showSetting(name, texts.get(name)));
    output.result(shown, shown.map(lineOf));
    return 0;
  },
};

export const configGet: Command = {
  name: 'config get',
  usage: 'config get <name> [--dev]',
  about: ['Shows one live setting.', '', `  ${NAMES}`, DEV].join('\n'),
  async run(args, output) {
    const { positionals, source } = parse(args, { least: 1, most: 1 });
    const name = nameOf(positionals[0]);
    const shown = showSetting(name, (await readTexts(findLiveSettings(source))).get(name));
    output.result(shown, [lineOf(shown)]);
    return 0;
  },
};

export const configSet: Command = {
  name: 'config set',
  usage: 'config set <name> [value] [--dev]',
  about: [
    'Sets a live setting; without a value it has its default again. In force within 2 seconds.',
    '',
    '  selling         on or off: off stops all purchases, orders and payments go on',
    '  weights         JSON: points of rules of the score, e.g. {"burst":60}; all names are replaced',
    '  relayBatchMax   1 to 1000 events handed to the order log at once',
    '  expiryBatchMax  1 to 1000 unpaid orders that one round takes',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { positionals, source } = parse(args, { least: 1, most: 2 });
    const name = nameOf(positionals[0]);
    const text = positionals[1];
    const read = readSetting(name, text);
    if (read.kind === 'refused') {
      output.fault(`${name} ${read.faults.join(', ')}`);
      return 1;
    }
    const strangers = Object.keys(read.value.weights ?? {}).filter((rule) => !(rule in WEIGHTS));
    if (strangers.length > 0) {
      output.fault(`weights: there is no rule ${strangers.join(', ')}. Rules: ${RULES}.`);
      return 1;
    }
    await write(findLiveSettings(source), { name, text }, { by: whoami(), at: Date.now() });
    const shown = showSetting(name, text);
    output.result(shown, [lineOf(shown)]);
    return 0;
  },
};

function parse(args: readonly string[], count: { least: number; most: number }) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { dev: { type: 'boolean' } },
  });
  if (positionals.length < count.least || positionals.length > count.most) {
    throw new UsageError(`Settings are ${NAMES}.`);
  }
  const source = sourceOf(values);
  return { positionals, source };
}

function nameOf(text: string | undefined): LiveSettingName {
  if (text !== undefined && isLiveSettingName(text)) return text;
  throw new UsageError(`There is no setting "${text}": ${NAMES}.`);
}

interface Shown {
  readonly name: string;
  readonly value: unknown;
  /** Why the text that stands is not in force. */
  readonly refused?: readonly string[];
  readonly isDefault: boolean;
}

function showSetting(name: LiveSettingName, text: string | undefined): Shown {
  const read = readSetting(name, text);
  if (read.kind === 'refused') {
    return { name, value: text, refused: read.faults, isDefault: false };
  }
  return { name, value: read.value[name], isDefault: text === undefined };
}

function lineOf({ name, value, refused, isDefault }: Shown): string {
  const note = refused === undefined ? '' : `  refused: ${refused.join(', ')}`;
  return `${name}=${JSON.stringify(value)}${isDefault ? '  default' : note}`;
}

async function readTexts(place: LiveSettingsPlace): Promise<ReadonlyMap<string, string>> {
  return 'file' in place
    ? readSettingsFile(place.file)
    : withEtcd(place, (settings) => settings.read());
}

async function write(
  place: LiveSettingsPlace,
  { name, text }: { readonly name: LiveSettingName; readonly text: string | undefined },
  author: Author,
): Promise<void> {
  if ('file' in place) return await changeSettingsFile(place.file, { name, text }, author);
  await withEtcd(place, (settings) => settings.write(name, text, author));
}

async function withEtcd<Value>(
  place: Exclude<LiveSettingsPlace, { file: string }>,
  work: (settings: Awaited<ReturnType<typeof openSettings>>) => Promise<Value>,
): Promise<Value> {
  const settings = await openSettings(place);
  try {
    return await work(settings);
  } finally {
    settings.close();
  }
}

async function openSettings(place: Exclude<LiveSettingsPlace, { file: string }>) {
  const { openEtcdSettings } = await import('../settings/etcd-settings.ts');
  return openEtcdSettings({ endpoints: place.endpoints.split(','), prefix: place.prefix });
}
