import type { Log } from '../log.ts';

const nothing = () => undefined;

/** For parts whose words a test does not ask for. */
export const quietLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
