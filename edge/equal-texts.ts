/** Takes the same time wherever the texts differ. */
export function isEqualText(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let at = 0; at < expected.length; at += 1) {
    difference |= (given.charCodeAt(at) || 0) ^ expected.charCodeAt(at);
  }
  return difference === 0;
}
