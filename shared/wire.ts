/** What a refusal becomes on the wire, before the members that every problem document has. */
export interface Wire {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** The slug of `type` where it differs from the refusal's kind. */
  readonly slug?: string;
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}
