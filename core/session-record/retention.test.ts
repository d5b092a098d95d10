import { expect, test } from "vitest";
import { type EndedSession, findSurplus } from "./retention.ts";

const GiB = 1024 ** 3;
const limits = { sessions: 50, sessionsGib: 1 };

/** Sessions of these sizes in GiB, the newest first, called 1, 2, ... */
function sessions(...sizes: readonly (number | { readonly size: number; readonly work: number })[]) {
  return sizes.map((given, index): EndedSession => {
    const { size, work } = typeof given === "number" ? { size: given, work: 0 } : given;
    return { id: `${index + 1}`, bytes: size * GiB, keptWorkBytes: work * GiB };
  });
}

function surplusOf(ended: readonly EndedSession[], changed: Partial<typeof limits> = {}) {
  return findSurplus(ended, { ...limits, ...changed }).map(({ id }) => id);
}

test("the oldest of too many sessions are surplus", () => {
  expect(surplusOf(sessions(0, 0, 0, 0), { sessions: 2 })).toEqual(["3", "4"]);
});

test("the oldest that don't fit together are surplus", () => {
  expect(surplusOf(sessions(0.4, 0.4, 0.4))).toEqual(["3"]);
});

test("the newest session is kept, however large it is and whatever the limits", () => {
  expect(surplusOf(sessions(5))).toEqual([]);
  expect(surplusOf(sessions(5, 0), { sessions: 1 })).toEqual(["2"]);
});

test("a session that alone is larger than the limit does not push out the others", () => {
  expect(surplusOf(sessions(1.4, 0.3, 0.3))).toEqual([]);
  expect(surplusOf(sessions(0.3, 1.4, 0.3))).toEqual([]);
  expect(surplusOf(sessions(0.3, 1.4, 1.4, 0.3))).toEqual(["3"]);
});

test("a session that a retry can start from is kept, and its kept work does not count to the size of sessions", () => {
  expect(surplusOf(sessions(0.1, { size: 0.1, work: 3 }, 0.1))).toEqual([]);
  expect(surplusOf(sessions(0, 0, { size: 0, work: 3 }), { sessions: 1 })).toEqual(["2"]);
});

test("the sessions of a watch's rounds count apart, and those of the newest ten rounds are kept", () => {
  const one = (id: string, round?: string): EndedSession => ({ id, bytes: 0, keptWorkBytes: 0, round });
  const rounds = Array.from({ length: 12 }, (_, index) => index + 1).flatMap((number) =>
    ["rebuild", "run"].map((phase) => one(`${phase} of ${number}`, `a-watch ${number}`)),
  );
  const ended = [...rounds, one("own 1"), one("own 2"), one("own 3"), one("late run of 1", "a-watch 1")];
  const surplus = ["rebuild of 11", "run of 11", "rebuild of 12", "run of 12", "own 3"];
  expect(surplusOf(ended, { sessions: 2 })).toEqual(surplus);
});
