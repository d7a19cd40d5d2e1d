// What a device is worth before the rush: all that is known at `POST /api/device`.
import type { DeviceEvidence } from './evidence.ts';
import { combine, hit, type Judgement } from './judgement.ts';

export function judgeDevice({ device }: DeviceEvidence): Judgement {
  return combine(device === null ? [hit('no-device')] : []);
}
