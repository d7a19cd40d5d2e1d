/** What the edge uses of the client; its own types stand in no file of their own. */
export class HttpClient {
  constructor(config: {
    readonly baseUrl: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly retry: { readonly retries: number };
    readonly responseEncoding: false;
    readonly readYourWrites: false;
    readonly keepAlive: false;
    readonly signal: () => AbortSignal;
  });
  /** Throws when there is no answer, or none that is a success. */
  request(request: { readonly path: readonly string[]; readonly body: unknown }): Promise<unknown>;
}
