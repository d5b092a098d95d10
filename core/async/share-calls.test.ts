import { expect, test } from "vitest";
import { shareCalls } from "./share-calls.ts";

test("calls that come during the work share one more piece of it, which begins after them", async () => {
  const begun: PromiseWithResolvers<void>[] = [];
  const call = shareCalls(() => {
    const work = Promise.withResolvers<void>();
    begun.push(work);
    return work.promise;
  });
  const first = call();
  const others = Array.from({ length: 1000 }, call);
  expect(begun).toHaveLength(1);
  begun[0]?.resolve();
  await first;
  await Promise.resolve();
  expect(begun).toHaveLength(2);
  begun[1]?.resolve();
  await Promise.all(others);

  const later = call();
  expect(begun).toHaveLength(3);
  begun[2]?.resolve();
  await later;
});
