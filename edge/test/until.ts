/** Asks again until the answer is as wanted; what is asked behind the deadline is what came. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
  withinMs = 5_000,
): Promise<Answer> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const isLast = Date.now() > deadline;
    const answer = await ask();
    if (isWanted(answer) || isLast) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
