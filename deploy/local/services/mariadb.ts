import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { freePort, LOOPBACK } from './ports.ts';
import { find, programs, provide, run } from './programs.ts';
import { askDatabase } from './requests.ts';
import { launch, type Service, type StartOptions } from './service.ts';

export const credentials = { user: 'flash', password: 'flash', database: 'flash_sale' };

const READY_WITHIN_MS = 60_000;
/** sun_path of unix(7) holds 108 bytes with its end mark. */
const MAX_SOCKET_PATH = 107;

// Run at every start, one statement a line; harmless when all of it is there already.
const ACCOUNT = [
  `CREATE DATABASE IF NOT EXISTS ${credentials.database} CHARACTER SET utf8mb4;`,
  `CREATE USER IF NOT EXISTS '${credentials.user}'@'%' IDENTIFIED BY '${credentials.password}';`,
  `GRANT ALL PRIVILEGES ON *.* TO '${credentials.user}'@'%';`,
].join('\n');

/** MariaDB, or MySQL where that is what is installed, with the account of the application. */
export async function startMariadb(options: StartOptions): Promise<Service> {
  const server = await provide(programs.database);
  mkdirSync(options.dir, { recursive: true });
  const data = join(options.dir, 'data');
  if (!existsSync(data)) await initialise(server, data);
  const account = join(options.dir, 'account.sql');
  writeFileSync(account, `${ACCOUNT}\n`);
  const port = options.port ?? (await freePort());
  return launch({
    ...options,
    name: 'mariadb',
    port,
    command: server,
    args: [
      ...['--no-defaults', ...runAs(), `--datadir=${data}`, `--init-file=${account}`],
      ...[`--port=${port}`, `--bind-address=${LOOPBACK}`, `--socket=${socketPath(options.dir)}`],
      ...[`--pid-file=${join(options.dir, 'server.pid')}`, '--skip-name-resolve'],
      ...['--innodb-flush-log-at-trx-commit=1', '--transaction-isolation=READ-COMMITTED'],
      ...['--character-set-server=utf8mb4', '--max-connections=500'],
      // MySQL opens a second port unless told otherwise; MariaDB skips what is marked loose.
      '--loose-mysqlx=OFF',
    ],
    request: () => askDatabase({ ...credentials, host: LOOPBACK, port }),
    readyWithinMs: READY_WITHIN_MS,
  });
}

/** Fills a new data directory; its name appears last, so a broken attempt is never taken for one. */
async function initialise(server: string, data: string): Promise<void> {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const common = ['--no-defaults', ...runAs(), `--datadir=${unfinished}`];
  const installer = find(['mariadb-install-db', 'mysql_install_db']);
  if (basename(server) === 'mariadbd' && installer !== undefined) {
    await run(installer, [...common, '--auth-root-authentication-method=socket', '--skip-test-db']);
  } else {
    await run(server, [...common, '--initialize-insecure']);
  }
  renameSync(unfinished, data);
}

function runAs(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

function socketPath(dir: string): string {
  const path = join(dir, 'server.sock');
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return path;
  const short = createHash('sha256').update(dir).digest('hex').slice(0, 16);
  return join(tmpdir(), `flash-sale-${short}.sock`);
}
