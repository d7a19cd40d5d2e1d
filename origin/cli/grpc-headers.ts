// `grpc-headers`: the metadata with which a gRPC call counts as the edge's, for command-line clients.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type DescMethod, fromJsonString, toBinary } from '@bufbuild/protobuf';
import { EDGE_HEADERS, signedText } from '../../shared/edge-signature.ts';
import { ActivityService } from '../../shared/proto/generated/seckill/v1/activity_pb.ts';
import { SeckillService } from '../../shared/proto/generated/seckill/v1/seckill_pb.ts';
import { type Command, UsageError } from './command.ts';
import { findSignatureKey, sourceOf } from './target.ts';

const NONCE_BYTES = 16;
const METHODS: readonly DescMethod[] = [...SeckillService.methods, ...ActivityService.methods];

export const grpcHeaders: Command = {
  name: 'grpc-headers',
  usage:
    'grpc-headers <Method> <request as JSON> [--user ID] [--order ID] [--activity ID] [--admin] [--target HOST] [--dev]',
  about: [
    'Signs one gRPC call as the edge would, good for 30 seconds (profiles local and testing).',
    '',
    'Prints one "name: value" per line, as grpcurl takes them behind -H.',
    '  --user, --order, --activity, --admin  whom and what the edge vouches for',
    '  --target  the host name that is called   [127.0.0.1]',
    '  --dev     for the system that `npm run dev` is running',
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        user: { type: 'string' },
        order: { type: 'string' },
        activity: { type: 'string' },
        admin: { type: 'boolean' },
        target: { type: 'string', default: '127.0.0.1' },
        dev: { type: 'boolean' },
      },
    });
    const [name, json, ...rest] = positionals;
    const method = METHODS.find((known) => known.name === name);
    if (method === undefined || json === undefined || rest.length > 0) {
      const names = METHODS.map((known) => known.name).join(', ');
      throw new UsageError(`A method (${names}) and its request are needed.`);
    }
    const { user, order, activity, target } = values;
    const claims = {
      ...(user === undefined ? {} : { sub: user }),
      ...(values.admin ? { role: 'admin' } : {}),
      ...(order === undefined ? {} : { orderId: order }),
      ...(activity === undefined ? {} : { activityId: activity }),
    };
    const bytes = toBinary(method.input, fromJsonString(method.input, json));
    const key = findSignatureKey(sourceOf(values));
    const headers = sign({ method, bytes, claims, target }, key);
    output.result(
      headers,
      Object.entries(headers).map(([header, value]) => `${header}: ${value}`),
    );
    return 0;
  },
};

interface Signed {
  readonly method: DescMethod;
  readonly bytes: Uint8Array;
  readonly claims: object;
  readonly target: string;
}

/** `key` is `id:secret`. */
function sign(call: Signed, key: string): Record<string, string> {
  const { method, bytes, target } = call;
  const at = key.indexOf(':');
  const time = String(Date.now());
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  const claims = Buffer.from(JSON.stringify(call.claims)).toString('base64url');
  const bodyHash = createHash('sha256').update(bytes).digest('hex');
  const path = `/${method.parent.typeName}/${method.name}`;
  const text = signedText({ method: 'POST', path, bodyHash, time, nonce, target, claims });
  return {
    [EDGE_HEADERS.keyId]: key.slice(0, at),
    [EDGE_HEADERS.time]: time,
    [EDGE_HEADERS.nonce]: nonce,
    [EDGE_HEADERS.target]: target,
    [EDGE_HEADERS.claims]: claims,
    [EDGE_HEADERS.signature]: createHmac('sha256', key.slice(at + 1))
      .update(text)
      .digest('base64url'),
  };
}
