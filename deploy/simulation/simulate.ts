// npm run simulate: the line judged over many sales that never took place.
import { writeFile } from 'node:fs/promises';
import { HELP, parseFlags, type SimulationFlags } from './flags.ts';
import { type CellResult, cellsOf, runCell } from './goods.ts';
import { type LoopResult, runLoop } from './loop.ts';
import { runTold, type Told } from './told.ts';

interface Results {
  readonly cells: readonly CellResult[];
  readonly loop: readonly LoopResult[];
  readonly told: Told;
}

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseFlags(args);
  if (parsed.kind === 'faulty') {
    process.stderr.write(`${parsed.detail}\n\n${HELP}`);
    return 2;
  }
  if (parsed.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const results = run(parsed.flags);
  process.stdout.write(`${linesOf(results).join('\n')}\n`);
  const { jsonFile } = parsed.flags;
  if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify(results, null, 2)}\n`);
  return missedOf(results) === 0 ? 0 : 1;
}

function run({ seed, sales, extent }: SimulationFlags): Results {
  return {
    cells: cellsOf(seed, extent).map(runCell),
    loop: runLoop(seed),
    told: runTold(seed, sales),
  };
}

function missedOf({ cells, loop, told }: Results): number {
  const all = [...cells, ...loop, ...told.bands, told.waits];
  return all.filter(({ isMet }) => !isMet).length;
}

const mark = ({ isMet }: { readonly isMet: boolean }): string => (isMet ? 'ok    ' : 'MISSED');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function linesOf(results: Results): string[] {
  const { cells, loop, told } = results;
  const { waits } = told;
  return [
    'Called people who came and got a unit',
    ...cells.map((cell) => {
      const { name, share, atLeast, called, came, sold, lastSecond } = cell;
      const facts = `${called} called, ${came} came, ${sold} sold by ${lastSecond.toFixed(0)} s`;
      return `${mark(cell)} ${percent(share).padStart(7)} (at least ${percent(atLeast)})  ${name}: ${facts}`;
    }),
    '',
    'The speed of the line, once settled',
    ...loop.map((scene) => {
      const { name, speed, unrest, longestQueueSeconds, intake } = scene;
      const facts = `mean ${speed.toFixed(2)} ± ${percent(unrest)}, longest queue ${longestQueueSeconds.toFixed(1)} s, most intake ${percent(intake)} of the promise`;
      return `${mark(scene)} ${name}: ${facts}`;
    }),
    '',
    'Chances that were told, and the share that came true',
    ...told.bands.map((band) => {
      const { from, told: count, chance, cameTrue } = band;
      return `${mark(band)} ${from.toFixed(1)}+  told ${chance.toFixed(3)}, came true ${cameTrue.toFixed(3)}  (${count})`;
    }),
    '',
    `${mark(waits)} waits: median error ${percent(waits.medianError)}, ${percent(waits.inRange)} within the range told (${waits.told})`,
    '',
    `${missedOf(results)} bounds missed`,
  ];
}

process.exitCode = await main(process.argv.slice(2));
