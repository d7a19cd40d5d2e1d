// The names under which today's facts are kept: HMACs with a salt of the day, so that what was
// seen today cannot be joined with what was seen in another week.
import type { Device, InputSummary } from '../../shared/device.ts';
import { encodeBytes } from '../base64url.ts';
import type { DeviceNames } from '../device/device-token.ts';
import { createHmac } from '../hmac.ts';
import { remembering } from '../remembering.ts';
import { deviceText, hardwareText, inputText } from './device-text.ts';

export interface Nameable {
  readonly device: Device | null;
  /** The client's network and headers: all that is known of one that shows no signals. */
  readonly network: string;
  readonly headers: ReadonlyMap<string, string>;
}

export interface FactNames {
  /** The user, the same on every day: device tokens are bound to it. */
  user(userId: string): Promise<string>;
  network(network: string, day: number): Promise<string>;
  device(of: Nameable, day: number): Promise<DeviceNames>;
  /** undefined where a summary says too little to be one person's. */
  input(input: InputSummary | null, day: number): Promise<string | undefined>;
}

export const DAY_MS = 24 * 60 * 60 * 1000;
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

const USER_BYTES = 16;
/** Names of a day: short, for there are many; two that collide among millions do no harm. */
const NAME_BYTES = 9;
const MAX_NETWORKS = 20_000;
const MAX_USERS = 10_000;
const HEADERS_OF_CLIENT = ['user-agent', 'accept-language', 'accept-encoding', 'sec-ch-ua'];

export function createFactNames(secret: string): FactNames {
  const sign = createHmac(secret);
  async function name(kind: string, text: string, bytes = NAME_BYTES): Promise<string> {
    return encodeBytes((await sign(`${kind}\n${text}`)).subarray(0, bytes));
  }
  const userOf = remembering(MAX_USERS, (userId) => name('user', userId, USER_BYTES));
  const networkOf = remembering(MAX_NETWORKS, (key) => name('network', key));
  return {
    user: async (userId) => userOf(userId),
    network: async (network, day) => networkOf(`${day} ${network}`),
    async device({ device, network, headers }, day) {
      if (device !== null) {
        return {
          device: await name('device', `${day} ${deviceText(device)}`),
          hardware: await name('hardware', `${day} ${hardwareText(device)}`),
        };
      }
      // Without signals nobody is told apart beyond the own network.
      const client = HEADERS_OF_CLIENT.map((header) => headers.get(header) ?? '').join('\n');
      return {
        device: await name('headers', `${day} ${network}\n${client}`),
        hardware: await name('headers', `${day}\n${client}`),
      };
    },
    async input(input, day) {
      const text = input === null ? undefined : inputText(input);
      return text === undefined ? undefined : name('input', `${day} ${text}`);
    },
  };
}
