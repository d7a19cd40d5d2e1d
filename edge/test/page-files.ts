/** The file server behind the Worker, from memory: a file's text or 404, as bare workerd has it. */
export function pageFiles(files: Readonly<Record<string, string>>): Pick<Fetcher, 'fetch'> {
  return {
    async fetch(input) {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const text = files[pathname];
      return text === undefined ? new Response(null, { status: 404 }) : new Response(text);
    },
  };
}
