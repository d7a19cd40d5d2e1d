// `lua/admit.lua` with its pieces, bundled as text.
import source from '../../lua/admit.lua';
import bucket from '../../lua/include/bucket.lua';
import choosePlace from '../../lua/include/choose-place.lua';
import clock from '../../lua/include/clock.lua';
import draw from '../../lua/include/draw.lua';
import drawEntry from '../../lua/include/draw-entry.lua';
import drawPlace from '../../lua/include/draw-place.lua';
import enter from '../../lua/include/enter.lua';
import entryBucket from '../../lua/include/entry-bucket.lua';
import line from '../../lua/include/line.lua';
import newcomer from '../../lua/include/newcomer.lua';
import now from '../../lua/include/now.lua';
import place from '../../lua/include/place.lua';
import whole from '../../lua/include/whole.lua';
import { composeScript } from '../../shared/script.ts';

export const admitScript = composeScript(source, {
  bucket,
  'choose-place': choosePlace,
  clock,
  draw,
  'draw-entry': drawEntry,
  'draw-place': drawPlace,
  enter,
  'entry-bucket': entryBucket,
  line,
  newcomer,
  now,
  place,
  whole,
});
