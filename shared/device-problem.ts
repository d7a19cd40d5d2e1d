// Layer 1's refusals as problem documents; `problem.ts` is the map that they are part of.

import type { Refusal } from './refusal.ts';
import type { Wire } from './wire.ts';

type DeviceRefusal = Extract<
  Refusal,
  { kind: 'proof-invalid' | 'proof-used' | 'refused' | 'challenge-required' }
>;

/** One text for all refusals by score: what was noticed is not told. */
export function deviceWireOf(refusal: DeviceRefusal): Wire {
  switch (refusal.kind) {
    case 'proof-invalid':
      return {
        status: 400,
        title: 'Proof not valid',
        detail: 'This proof answers no challenge that was given to you, or came too late.',
      };
    case 'proof-used':
      return { status: 409, title: 'Proof used', detail: 'A proof counts once; ask for another.' };
    case 'refused':
      return {
        status: 403,
        title: 'Not let through',
        detail: 'We could not tell that this request comes from a person.',
        members: { reference: refusal.reference },
      };
    case 'challenge-required':
      return {
        status: 403,
        title: 'One more check',
        detail: 'Solve the challenge and show it with POST /api/device, then try again.',
        members: { challenge: refusal.challenge },
      };
  }
}
