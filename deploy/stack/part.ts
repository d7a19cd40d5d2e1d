import type { Service } from '../local/services/service.ts';

/** One running piece of a stack, which may be started again in the same place. */
export interface Part<Kind extends Service = Service> {
  readonly name: string;
  /** The process of the present start. */
  service(): Kind;
  /** Starts it anew on its data and port; the one before must have ended. */
  restart(): Promise<void>;
}

/** The first start decides the port; every later one gets the same, for others know it. */
export async function startPart<Kind extends Service>(
  name: string,
  start: (port?: number) => Promise<Kind>,
): Promise<Part<Kind>> {
  let service = await start();
  return {
    name,
    service: () => service,
    restart: async () => {
      service = await start(service.port);
    },
  };
}
