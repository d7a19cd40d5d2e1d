import { join } from 'node:path';
import { freePort, LOOPBACK } from './ports.ts';
import { programs, provide } from './programs.ts';
import { askEtcd } from './requests.ts';
import { launch, type Service, type StartOptions } from './service.ts';

const READY_WITHIN_MS = 30_000;

/** One etcd member that is its own cluster; `url` is what ETCD_ENDPOINTS takes. */
export async function startEtcd(options: StartOptions): Promise<Service> {
  const command = await provide(programs.etcd);
  const port = options.port ?? (await freePort());
  const url = `http://${LOOPBACK}:${port}`;
  const peerUrl = `http://${LOOPBACK}:${await freePort()}`;
  return launch({
    ...options,
    name: 'etcd',
    port,
    command,
    args: [
      ...['--name', 'local', '--data-dir', join(options.dir, 'data')],
      ...['--listen-client-urls', url, '--advertise-client-urls', url],
      ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
      ...['--initial-cluster', `local=${peerUrl}`, '--log-level', 'warn'],
    ],
    // Debian's etcd 3.4 refuses to start on platforms it does not know unless told so.
    env: process.arch === 'arm64' ? { ETCD_UNSUPPORTED_ARCH: 'arm64' } : {},
    url,
    request: () => askEtcd(url),
    readyWithinMs: READY_WITHIN_MS,
  });
}
