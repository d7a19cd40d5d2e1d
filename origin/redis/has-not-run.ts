// Answers that Redis gives instead of running a call; behind any other failure it may have run.
const INSTEAD =
  /^(OOM|LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|CROSSSLOT|READONLY|MISCONF|NOAUTH)/;

export const hasNotRun = (error: unknown): boolean =>
  error instanceof Error && INSTEAD.test(error.message);

export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('OOM');
