// Entry point of the local payment gateway: part of `npm run dev`, never of a deployment.
import { createGateway } from './gateway.ts';

const { env } = process;
const need = (name: string): string => {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is required`);
  return value;
};

if (!['local', 'testing', undefined].includes(env.PROFILE)) {
  throw new Error('This gateway moves no money: it runs in the profiles local and testing only.');
}
const gateway = createGateway({
  secret: need('PAYMENT_GATEWAY_SECRET'),
  webhookSecrets: need('WEBHOOK_SECRET'),
  shopUrl: need('SHOP_URL'),
  file: need('GATEWAY_FILE'),
});
await gateway.listen({ host: '127.0.0.1', port: Number(need('GATEWAY_PORT')) });
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void gateway.close().then(() => process.exit(0)));
}
