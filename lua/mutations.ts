// Takes one check or one write at a time out of a script: what is left must be seen by a test.
// Works on the text: conditions of `if` and `elseif`, the parts of their `and` and `or`, choices
// written `condition and one or other`, what comes before `or` elsewhere, and each line that changes
// something.

export interface Mutation {
  /** The line as it was, and what became of it. */
  readonly line: string;
  readonly became: string;
  readonly source: string;
}

/** A call, an assignment to what stands already, or a loop of either that fits a line. */
const CHANGES = /^(for .+ do )?[a-z][\w.]*(\(|\[[^\]]+\] = )/;

/** `script` with its includes put in. */
export function mutationsOf(script: string): Mutation[] {
  const lines = script.split('\n');
  return lines.flatMap((line, at) =>
    [...new Set(variantsOf(lines, at))]
      .filter((became) => became !== line)
      .map((became) => {
        const source = [...lines.slice(0, at), became, ...lines.slice(at + 1)].join('\n');
        return { line: line.trim(), became: became.trim(), source };
      }),
  );
}

function variantsOf(lines: readonly string[], at: number): string[] {
  const line = lines[at] ?? '';
  if (line.trim().startsWith('--')) return [];
  const condition = /\b(?:if|elseif) (.+?) then\b/.exec(line)?.[1];
  if (condition !== undefined) {
    const others = [...withoutParts(condition), ...withoutBracketedParts(condition), 'false'];
    // A branch that is always taken is another mistake than one that never is.
    if (!/\breturn\b/.test(line)) others.push('true');
    return others.map((other) => line.replace(condition, () => other));
  }
  const choice = /(?:= |return )(.+) and ('.*') or ('.*')$/.exec(line);
  if (choice !== null) {
    const [, test = ''] = choice;
    return ['true', 'false'].map((other) => line.replace(test, () => other));
  }
  const fallback = /^(.*[=(] ?)[\w.[\]]+ or (.+)$/.exec(line)?.slice(1).join('');
  // A call over several lines would leave the rest of it behind.
  const isWhole = count(line, '(') === count(line, ')');
  const isChange = CHANGES.test(line.trim()) && isWhole;
  return [...(fallback === undefined ? [] : [fallback]), ...(isChange ? [''] : [])];
}

/** The condition with each part of its `and` taken for true, of its `or` for false. */
function withoutParts(condition: string): string[] {
  for (const [word, other] of [
    [' or ', 'false'],
    [' and ', 'true'],
  ] as const) {
    const parts = splitOutside(condition, word);
    if (parts.length > 1) return parts.map((_, at) => parts.toSpliced(at, 1, other).join(word));
  }
  return [];
}

/** The same inside the first brackets: `not (one and other)`. */
function withoutBracketedParts(condition: string): string[] {
  const found = /^(.*?\()([^()]*)(\).*)$/.exec(condition);
  if (found === null) return [];
  const [, before = '', inside = '', behind = ''] = found;
  return withoutParts(inside).map((other) => before + other + behind);
}

/** Splits at a word that stands in no brackets. */
function splitOutside(text: string, word: string): string[] {
  const parts = [''];
  for (const piece of text.split(word)) {
    const last = parts.at(-1) ?? '';
    const isOpen = count(last, '(') > count(last, ')');
    if (last === '') parts[parts.length - 1] = piece;
    else if (isOpen) parts[parts.length - 1] = last + word + piece;
    else parts.push(piece);
  }
  return parts;
}

const count = (text: string, letter: string): number => text.split(letter).length - 1;
