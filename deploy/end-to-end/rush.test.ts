// Many origins' worth of clients on few units, into Kafka and the database: exact to the unit.
import { expect, inject, test } from 'vitest';
import { createDatabase } from '../local/services/database.ts';
import { judge } from '../rush/judge.ts';
import { runRush } from '../rush/run.ts';

const SEED = Date.now() % 1_000_000;
const SLOW_MACHINE = { timeout: 180_000 };

test(
  `20,000 attempts of eight origins on 500 units are exact (seed ${SEED})`,
  SLOW_MACHINE,
  async () => {
    const { redis, mysql, kafka } = inject('services');
    const places = {
      redis,
      mysql: { ...mysql, database: await createDatabase(mysql) },
      bootstrap: kafka.bootstrap,
    };
    const { evidence } = await runRush(places, {
      ...{ attempts: 20_000, units: 500, origins: 8, seed: SEED },
      progress: () => undefined,
    });
    expect(judge(evidence).filter(({ held }) => !held)).toEqual([]);
    const answers = evidence.told.flatMap((one) => Object.keys(one.answers));
    const final = answers.filter((answer) => !answer.endsWith('(asked again)'));
    // Otherwise the rush would prove less than it says.
    expect(new Set(final)).toEqual(new Set(['reserved', 'known', 'limit-reached', 'sold-out']));
  },
);
