import { Kafka, type LogEntry, logLevel, type RetryOptions as Retry } from 'kafkajs';
import type { Log } from '../../log.ts';
import type { KafkaSettings } from './settings.ts';

const CONNECTION_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** Retries inside the library: few, because whoever calls goes on by itself, and tells once. */
export const RETRY = { initialRetryTime: 50, maxRetryTime: 500, retries: 2 } as const;

/** For an operator's command, which asks once and has nobody behind it: six seconds in all. */
export const PATIENT_RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 8 } as const;

export function kafkaClient(settings: KafkaSettings, log: Log, retry: Retry = RETRY): Kafka {
  return new Kafka({
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    retry,
    logLevel: logLevel.WARN,
    // The library tells of each attempt; what matters reaches us as a rejection or a crash.
    logCreator: () => (entry) => log.debug(factsOf(entry), `kafkajs: ${entry.log.message}`),
  });
}

function factsOf({ namespace, label, log }: LogEntry): object {
  return { namespace, label, error: log.error, topic: log.topic, broker: log.broker };
}
