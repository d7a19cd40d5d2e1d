// Scripts are bundled as text: wrangler's rules and esbuild's loader say so.
declare module '*.lua' {
  const source: string;

  export = source;
}
