// The order log of the embedded stack: the writer itself. Appended is applied, so the outbox is the
// only other place where an event stands.
import type { LogRecord } from '../../store/store.ts';
import type { ApplyRecords, LoggedEvent, OrderLog } from '../order-log.ts';

export interface EmbeddedOrderLogOptions {
  readonly write: ApplyRecords;
  readonly ping: () => Promise<void>;
}

/** The batch writer and the database are their owner's to close. */
export function createEmbeddedOrderLog({ write, ping }: EmbeddedOrderLogOptions): OrderLog {
  return {
    async append(events) {
      if (events.length === 0) return { stalled: [] };
      const { stalled } = await write(events.map(recordOf));
      return { stalled };
    },
    async bury(entry) {
      const { stalled } = await write([{ kind: 'unreadable', ...entry }]);
      return { stalled };
    },
    ping,
    close: () => Promise.resolve(),
  };
}

function recordOf({ event, traceparent }: LoggedEvent): LogRecord {
  const position = `outbox/${event.epoch}-${event.seq}`;
  return traceparent === undefined
    ? { kind: 'event', event, position }
    : { kind: 'event', event, traceparent, position };
}
