import type { Leadership } from '../leadership/leadership.ts';
import { luaScript } from '../redis/lua.ts';
import { type DrawJobOptions, runDraws } from './draw.ts';

/** Takes part in the election of the job `draw`. */
export function campaignForDraws({
  leadership,
  ...options
}: Omit<DrawJobOptions, 'scripts'> & { readonly leadership: Leadership }): void {
  const scripts = {
    openDraw: luaScript('open-draw'),
    restoreEntries: luaScript('restore-entries'),
    forgetDraw: luaScript('forget-draw'),
    closeDraw: luaScript('close-draw'),
  };
  leadership.campaign('draw', (lead) => runDraws(lead, { ...options, scripts }));
}
