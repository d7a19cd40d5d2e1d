// GET /api/challenge: an ordinary one; a stronger one for who was refused lately, as the way back.
import { refuse, respondJson } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Edge } from '../edge.ts';
import { readStanding } from '../policy/standing.ts';

export async function showChallenge(edge: Edge, call: Call): Promise<Response> {
  const identity = await edge.identify(call.request.headers);
  if (identity.kind === 'refuse') return refuse(call, identity.refusal);
  const user = await edge.names.user(identity.caller.userId);
  const { isRefused, solved } = await readStanding(edge.redis, user);
  const challenge = isRefused
    ? await edge.challenges.strong(user, { severity: 1, solved })
    : await edge.challenges.ordinary(user);
  return respondJson(call, { status: 200, body: { ...challenge } });
}
