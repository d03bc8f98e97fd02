/** Does `act` for every item, at most `atOnce` at a time; the answers stand in the items' order. The first error ends it. */
export async function inParallel<Item, Answer>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = new Array<Answer>(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) answers[index] = await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return answers;
}
