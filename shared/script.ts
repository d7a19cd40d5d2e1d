// Lua scripts name shared pieces in lines `-- @include name`; this puts them together, for the
// origin (which reads files) and the Worker (which bundles them as text) alike.

const INCLUDE = /^-- @include ([a-z-]+)$/gm;

/** The script with each include line replaced by the piece of that name; throws on a missing one. */
export function composeScript(source: string, includes: Readonly<Record<string, string>>): string {
  return source.replace(INCLUDE, (_line, name: string) => {
    const piece = includes[name];
    if (piece === undefined) throw new Error(`script includes unknown piece "${name}"`);
    return piece.trimEnd();
  });
}
