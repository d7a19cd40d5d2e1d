// How a user moves between networks and devices in the minutes around a start.
import { type Hit, hit } from '../score/judgement.ts';

interface Moves {
  readonly systemsOfUser: number;
  readonly networksOfUser?: number;
  readonly devicesOfUser?: number;
}

/** From home to street is two carriers; a phone's carrier may change its address. */
const CARRIERS = 3;
const NETWORKS = 4;
const DEVICES = 4;

export function roaming({ systemsOfUser, networksOfUser = 1, devicesOfUser = 1 }: Moves): Hit[] {
  const hits: Hit[] = [];
  if (systemsOfUser >= CARRIERS) hits.push(hit('carriers-of-a-user'));
  else if (networksOfUser >= NETWORKS) hits.push(hit('networks-of-a-user'));
  if (devicesOfUser >= DEVICES) hits.push(hit('devices-of-a-user'));
  return hits;
}
