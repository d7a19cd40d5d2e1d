// A process of its own that takes part in one election and tells what it does, a JSON line each:
// it can be killed and stopped as a real instance would be.
import { pauseFor } from '../../backoff.ts';
import { createEtcdLeadership } from '../../leadership/etcd-leadership.ts';
import { quietLog } from '../quiet-log.ts';

const [endpoint = '', prefix = '', leaseSeconds = '', instance = ''] = process.argv.slice(2);
const STEP_MS = 20;

const say = (event: string, term?: number) =>
  process.stdout.write(`${JSON.stringify({ event, term })}\n`);

const leadership = createEtcdLeadership({
  endpoints: [endpoint],
  prefix,
  leaseSeconds: Number(leaseSeconds),
  instance,
  nextLife: () => Promise.resolve(1),
  log: quietLog,
});
say('takes part');
leadership.campaign('relay', async ({ term, signal }) => {
  say('leads', term);
  while (!signal.aborted) {
    say('step', term);
    await pauseFor(STEP_MS, signal);
  }
  say('ended', term);
});
process.once('SIGTERM', () => void leadership.close());
