// The client's type, for code outside this folder: the library is named in this folder alone.
export type { Redis } from 'ioredis';
