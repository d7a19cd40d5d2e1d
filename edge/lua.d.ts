// Scripts are bundled as text: wrangler's rules and esbuild's loader say so.
declare module '*.lua' {
  const source: string;
  // biome-ignore lint/style/noDefaultExport: how bundlers hand out a text file
  export default source;
}
