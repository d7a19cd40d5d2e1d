// `lua/admit.lua` with its pieces, bundled as text.
import source from '../../lua/admit.lua';
import bucket from '../../lua/include/bucket.lua';
import clock from '../../lua/include/clock.lua';
import devicePlaces from '../../lua/include/device-places.lua';
import entryBucket from '../../lua/include/entry-bucket.lua';
import now from '../../lua/include/now.lua';
import place from '../../lua/include/place.lua';
import whole from '../../lua/include/whole.lua';
import { composeScript } from '../../shared/script.ts';

export const admitScript = composeScript(source, {
  bucket,
  clock,
  'device-places': devicePlaces,
  'entry-bucket': entryBucket,
  now,
  place,
  whole,
});
