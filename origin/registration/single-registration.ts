// Registration where there is one instance only: it knows itself.
import type { OriginRecord, Registration } from './registration.ts';

export function createSingleRegistration(): Registration {
  let announced: (() => OriginRecord) | undefined;
  let readings = 0;
  return {
    announce(read) {
      announced = read;
      return {
        async withdraw() {
          announced = undefined;
        },
      };
    },
    async list() {
      if (announced === undefined) return [];
      readings += 1;
      return [{ record: announced(), revision: String(readings) }];
    },
    close: () => Promise.resolve(),
  };
}
