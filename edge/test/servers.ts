// What stands around the Worker in its tests, as a process of its own: that of Vitest is busy with the
// files it prepares, and the Worker's deadlines are short. Ends with the one that started it.
import { startCountingProxy } from './counting-proxy.ts';
import { startRecordingOrigin } from './recording-origin.ts';
import { startTurnstileStandIn } from './turnstile-stand-in.ts';

const [bridgeUrl = '', signatureKey = '', turnstileSecret = ''] = process.argv.slice(2);
const [proxy, origin, turnstile] = await Promise.all([
  startCountingProxy(bridgeUrl),
  startRecordingOrigin(signatureKey),
  startTurnstileStandIn(turnstileSecret),
]);
process.once('disconnect', () => process.exit(0));
process.send?.({ redisUrl: proxy.url, originUrl: origin.url, turnstileUrl: turnstile.url });
