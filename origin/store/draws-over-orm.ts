// The draws' part of the port over MikroORM, and through the process that owns a SQLite file.
import type { DrawsPort } from './draws-port.ts';
import { drawPages, findDraw, saveDraw } from './operations/draws.ts';
import type { Em } from './orm.ts';
import type { Caller } from './process-client.ts';

type Unit = <Answer>(work: (em: Em) => Promise<Answer>) => Promise<Answer>;

export function drawsOver({ read, change }: { read: Unit; change: Unit }): DrawsPort {
  return {
    findDraw: (activityId) => read((em) => findDraw(em, activityId)),
    saveDraw: (save) => change((em) => saveDraw(em, save)),
    drawPages: (slice) => read((em) => drawPages(em, slice)),
  };
}

export function drawsThrough(call: Caller): DrawsPort {
  return {
    findDraw: (activityId) => call('findDraw', activityId),
    saveDraw: (save) => call('saveDraw', save),
    drawPages: (slice) => call('drawPages', slice),
  };
}
