// The batch writer's group set back to the oldest record of the order log.
import type { Log } from '../../log.ts';
import { kafkaClient, PATIENT_RETRY } from './client.ts';
import type { KafkaSettings } from './settings.ts';

export type Rewound =
  | { readonly kind: 'rewound'; readonly partitions: number }
  /** Writers run, or ended less than ten seconds ago and are still taken for members. */
  | { readonly kind: 'group-running'; readonly state: string };

const IDLE_STATES = ['Empty', 'Dead', 'Unknown'];

/** Whether no writer is a member of the group. */
export async function writersState(settings: KafkaSettings, log: Log): Promise<'idle' | string> {
  const admin = kafkaClient(settings, log, PATIENT_RETRY).admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([settings.group]);
    const state = groups[0]?.state ?? 'Unknown';
    return IDLE_STATES.includes(state) ? 'idle' : state;
  } finally {
    await admin.disconnect();
  }
}

/** Changes nothing while a writer runs. Safe to repeat: what the writer has, it skips. */
export async function rewindWriters(settings: KafkaSettings, log: Log): Promise<Rewound> {
  const state = await writersState(settings, log);
  if (state !== 'idle') return { kind: 'group-running', state };
  const topic = settings.orders.name;
  const admin = kafkaClient(settings, log, PATIENT_RETRY).admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(topic)) return { kind: 'rewound', partitions: 0 };
    const offsets = await admin.fetchTopicOffsets(topic);
    const partitions = offsets.map(({ partition, low }) => ({ partition, offset: low }));
    await admin.setOffsets({ groupId: settings.group, topic, partitions });
    return { kind: 'rewound', partitions: partitions.length };
  } finally {
    await admin.disconnect();
  }
}
