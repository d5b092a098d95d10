import { expect, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { aborted } from "../async/abort.ts";
import { createRounds, type Round } from "./rounds.ts";

const change = (...changed: string[]) => ({ reason: "change" as const, changed, saved: 1 });

/** Rounds whose work the test ends, and what happened, in its order. */
function start() {
  const happened: string[] = [];
  let current: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  const stop = new AbortController();
  const rounds = createRounds({
    perform: async ({ number, reason, changed }: Round, signal) => {
      happened.push(`${number} ${reason}: ${changed.join(" ")}`);
      signal.addEventListener("abort", () => happened.push(`${number} is cancelled`));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      current = { resolve, reject };
      await promise;
    },
    onOvertaken: ({ number }) => happened.push(`${number} overtaken`),
  });
  const ended = rounds.run(stop.signal);
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    happened,
    rounds,
    ended,
    /** The round under way ends with its verdict. */
    finish: async () => {
      current?.resolve();
      await settle();
    },
    /** The round under way has ended its guest and build after it was cancelled. */
    unwind: async (error: unknown = new Error("cancelled")) => {
      current?.reject(error);
      await settle();
    },
    add: async (...changed: string[]) => {
      rounds.add(change(...changed));
      await settle();
    },
    force: async () => {
      rounds.add({ reason: "forced", changed: [], saved: 2 });
      await settle();
    },
    stop: async () => {
      stop.abort(new Error("quit"));
      await settle();
    },
  };
}

test("each change has a round, one after another", async () => {
  const { add, finish, happened } = start();
  await add("a.go");
  await finish();
  await add("b.go");
  await finish();
  expect(happened).toEqual(["1 change: a.go", "2 change: b.go"]);
});

test("a newer change cancels the round, and begins the next one only when that has ended", async () => {
  const { add, unwind, happened } = start();
  await add("a.go");
  await add("b.go");
  expect(happened).toEqual(["1 change: a.go", "1 is cancelled"]);
  await unwind();
  expect(happened.slice(2)).toEqual(["1 overtaken", "2 change: a.go b.go"]);
});

test("an overtaken round is cancelled, which is not a failure", async () => {
  const reasons: unknown[] = [];
  const stop = new AbortController();
  const rounds = createRounds({
    perform: async (_round, signal) => await aborted(signal).catch((reason) => void reasons.push(reason)),
    onOvertaken: () => {},
  });
  const ended = rounds.run(stop.signal);
  rounds.add(change("a.go"));
  await eventually(() => {
    rounds.add(change("b.go"));
    expect(reasons).not.toEqual([]);
  });
  expect(reasons[0]).toMatchObject({
    code: "interrupted",
    message: "overtaken by a newer round of the watch",
  });
  stop.abort();
  await ended;
});

test("changes during the cancellation are one round, and none is lost", async () => {
  const { add, unwind, finish, happened } = start();
  await add("a.go");
  await add("b.go");
  await add("c.go");
  await add("b.go");
  await unwind();
  await finish();
  expect(happened).toEqual(["1 change: a.go", "1 is cancelled", "1 overtaken", "2 change: a.go b.go c.go"]);
});

test("a round that had its verdict when it was cancelled is not overtaken", async () => {
  const { add, finish, happened } = start();
  await add("a.go");
  await add("b.go");
  await finish();
  expect(happened).toEqual(["1 change: a.go", "1 is cancelled", "2 change: b.go"]);
});

test("a forced round is about the files whose round it overtakes", async () => {
  const { add, force, unwind, finish, happened } = start();
  await add("a.go");
  await force();
  await unwind();
  await finish();
  await force();
  expect(happened.slice(2)).toEqual(["1 overtaken", "2 forced: a.go", "3 forced: "]);
});

test("it ends when it is stopped: idle, or when the round under way has ended", async () => {
  const idle = start();
  await idle.stop();
  await idle.ended;
  const { add, stop, unwind, ended, happened } = start();
  await add("a.go");
  await stop();
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  expect(hasEnded).toBe(false);
  await unwind();
  await ended;
  expect(happened).toEqual(["1 change: a.go", "1 is cancelled"]);
});

test("an error of a round that nobody has cancelled ends the watch", async () => {
  const { add, unwind, ended } = start();
  await add("a.go");
  const failed = expect(ended).rejects.toThrow("a fault");
  await unwind(new Error("a fault"));
  await failed;
});
