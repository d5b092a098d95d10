/**
 * Works on up to `limit` items at once and yields the results in the items' order. An item is only pulled when fewer
 * than `limit` are under way or waiting to be taken.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // A failure is reported when its turn comes; until then nobody waits for it, which Node takes for a mistake.
      result.catch(() => {});
      running.push(result);
      if (running.length === limit) yield* running.splice(0, 1);
    }
    while (running.length > 0) yield* running.splice(0, 1);
  } finally {
    await Promise.allSettled(running);
  }
}
