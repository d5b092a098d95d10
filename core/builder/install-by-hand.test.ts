import { expect, test, vi } from "vitest";
import { AppError } from "../../shared/errors/errors.ts";
import type { OffChoice } from "../../shared/session/build.ts";
import { eventually } from "../../tests/eventually.ts";
import { createPendingChoice } from "../session/live/pending-choice.ts";
import { runByHand } from "./install-by-hand.ts";

/** Runs guests that end as given, and answers each question in turn. */
function work(runs: readonly (() => Promise<number>)[], answers: readonly OffChoice[]) {
  const choice = createPendingChoice<OffChoice>("s1");
  const report = vi.fn();
  let booted = 0;
  let asked = 0;
  const controller = new AbortController();
  const done = runByHand({
    run: () => runs[booted++]?.() ?? Promise.reject(new Error("it was not to boot again")),
    choice: {
      ...choice,
      ask: (signal) => {
        const answer = choice.ask(signal);
        const given = answers[asked++];
        if (given) choice.answer(given);
        return answer;
      },
    },
    report,
    signal: controller.signal,
  });
  return { done, report, controller };
}

const off = (milliseconds: number) => async () => milliseconds;

test("the guest is booted again as often as it is asked for, and its times add up", async () => {
  const { done, report } = work([off(100), off(20)], ["boot", "package"]);
  expect(await done).toBe(120);
  expect(report.mock.calls.map(([{ type, choice }]) => choice ?? type)).toEqual([
    "guest-off",
    "boot",
    "guest-off",
    "package",
  ]);
});

test("a virtual machine that died has not cost what was done in it", async () => {
  const died = async () => {
    throw new AppError({
      code: "qemu-failed",
      message: "QEMU was ended by SIGKILL",
      details: ["last words"],
    });
  };
  const { done, report } = work([died, off(5)], ["boot", "package"]);
  expect(await done).toBe(5);
  expect(report.mock.calls[0]?.[0].text).toBe("The guest is off: QEMU was ended by SIGKILL.\nlast words");
});

test("what is discarded is no failure of the guest's", async () => {
  const { done } = work([off(1)], ["discard"]);
  await expect(done).rejects.toMatchObject({ code: "interrupted" });
});

test("an abort ends the waiting", async () => {
  const { done, report, controller } = work([off(1)], []);
  await eventually(() => expect(report).toHaveBeenCalled());
  controller.abort(new Error("stopped"));
  await expect(done).rejects.toThrow("stopped");
});
