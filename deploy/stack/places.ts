// Where things stand in this project's tree.
import { resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
export const LOCAL = resolve(ROOT, '.local');
export const PAGE = resolve(ROOT, 'edge/page');
/** The built page: what the Worker's ASSETS binding serves. */
export const PUBLIC = resolve(PAGE, 'public');
