// The HTTP client of @upstash/redis without its two hundred commands, which are four fifths of the
// package and which no bundler can tell apart from used ones. The package exports them together
// only, so `imports` in package.json names the file that holds the client: an update of the package
// renames it, and then nothing builds until the name is corrected there.
declare module '#upstash-http' {
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
    request(request: {
      readonly path: readonly string[];
      readonly body: unknown;
    }): Promise<unknown>;
  }
}
