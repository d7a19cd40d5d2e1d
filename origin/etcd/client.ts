import { Etcd3, type IOptions } from 'etcd3';

const DIAL_TIMEOUT_MS = 2_000;
const RECONNECT_MS = { least: 100, most: 1_000 };
const CALL_TIMEOUT_MS = 2_000;

type Policy = NonNullable<NonNullable<IOptions['faultHandling']>['global']>;

/**
 * Calls are made as they come: a lease must be kept alive the moment its server is back, which the
 * library's default (no call at all for 5 s after three failures) would forbid.
 */
const asTheyCome: Policy = {
  get _altReturn(): never {
    throw new TypeError('a type only, never a value');
  },
  onSuccess: () => ({ dispose: () => undefined }),
  onFailure: () => ({ dispose: () => undefined }),
  execute: async (call, signal = new AbortController().signal) => call({ signal }),
};

export type EtcdClient = Etcd3;

/** No call is retried here: each caller has a loop of its own. */
export function etcdClient(endpoints: readonly string[]): Etcd3 {
  return new Etcd3({
    hosts: [...endpoints],
    dialTimeout: DIAL_TIMEOUT_MS,
    defaultCallOptions: ({ isStream }) =>
      isStream ? {} : { deadline: Date.now() + CALL_TIMEOUT_MS },
    faultHandling: { host: () => asTheyCome, global: asTheyCome },
    grpcOptions: {
      'grpc.initial_reconnect_backoff_ms': RECONNECT_MS.least,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS.most,
      'grpc.use_local_subchannel_pool': 1,
    },
  });
}
