// What the edge may ask of Redis, and nothing else: reads and small writes of single keys, and
// the scripts. Nothing here blocks, lists keys, changes the server or reads its settings.
// A script can do whatever its Redis user may: what a stolen token could still do is limited by
// that user's ACL, not by this list.
const ALLOWED: ReadonlySet<string> = new Set([
  // scripts: admission and the rate limiter
  'EVAL',
  'EVALSHA',
  'SCRIPT',
  // documents and single-use marks
  'GET',
  'SET',
  'MGET',
  'DEL',
  'EXISTS',
  // counters and lifetimes
  'INCR',
  'INCRBY',
  'EXPIRE',
  'PEXPIRE',
  'TTL',
  'PTTL',
  // facts about devices and networks
  'HGET',
  'HMGET',
  'HGETALL',
  'HSET',
  'HINCRBY',
  'SADD',
  'SCARD',
  'SISMEMBER',
  'PFADD',
  'PFCOUNT',
  'ZADD',
  'ZCARD',
  'ZCOUNT',
  'ZSCORE',
  'ZRANGE',
  'ZREMRANGEBYSCORE',
  // is it there, and what time has it
  'PING',
  'TIME',
]);

const ALLOWED_OF_SCRIPT: ReadonlySet<string> = new Set(['LOAD', 'EXISTS']);

/** Tells whether a command may go to Redis; `name` is in upper case. */
export function isAllowed(name: string, firstArgument: string | undefined): boolean {
  if (!ALLOWED.has(name)) return false;
  return name !== 'SCRIPT' || ALLOWED_OF_SCRIPT.has(firstArgument?.toUpperCase() ?? '');
}
