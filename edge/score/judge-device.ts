// What a device is worth before the rush: all that is known at `POST /api/device`.
import { input } from '../behaviour/input.ts';
import { roaming } from '../behaviour/roaming.ts';
import { automation } from '../fingerprint/automation.ts';
import { botManagement } from '../fingerprint/bot-management.ts';
import { contradictions } from '../fingerprint/contradictions.ts';
import { crowding } from '../fingerprint/crowding.ts';
import { headers } from '../fingerprint/headers.ts';
import { likenessOf } from '../fingerprint/likeness.ts';
import { whereabouts } from '../fingerprint/whereabouts.ts';
import type { DeviceEvidence } from './evidence.ts';
import { combine, hit, type Judgement } from './judgement.ts';

export function judgeDevice({ device, request, facts, ...evidence }: DeviceEvidence): Judgement {
  const signals =
    device === null ? [hit('no-device')] : [...automation(device), ...contradictions(device)];
  const used = evidence.input === null ? [] : input(evidence.input, facts.accountsOfInput);
  const { systemsOfUser, devicesOfUser } = facts;
  return combine(
    [
      ...signals,
      ...used,
      ...crowding(likenessOf(device), facts),
      ...headers(request, device),
      ...whereabouts(request, device),
      ...botManagement(request),
      ...roaming({ systemsOfUser, devicesOfUser }),
    ],
    evidence.weights,
  );
}
