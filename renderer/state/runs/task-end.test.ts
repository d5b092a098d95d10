import { expect, test } from "vitest";
import type { SessionEvent, SessionHappening } from "../../../shared/session/session-event.ts";
import { emptySessionLog, reduceSessionLog } from "../sessions/session-log.ts";
import { describeTaskTime } from "./task-end.ts";

const timeOf = (...events: readonly SessionHappening[]) =>
  describeTaskTime(
    reduceSessionLog(
      emptySessionLog,
      events.map((event, index): SessionEvent => ({ ...event, seq: index + 1 })),
    ),
  );

const tools: SessionHappening = { type: "guest-tools-started", time: 1_000 };
const result = (time: number): SessionHappening => ({ type: "task-result", time, result: "success" });

test("the time of a task begins with its guest tools, or with the VM that went back or was restored", () => {
  expect(timeOf(tools)).toBe("");
  expect(timeOf(tools, result(4_000))).toBe(" after 3.0 s");
  const wentBack: SessionHappening = { type: "went-back", time: 20_000, name: "a", pausedFor: 1 };
  const reopened: SessionHappening = { type: "task-reopened", time: 20_001 };
  expect(timeOf(tools, result(4_000), wentBack, reopened, result(21_500))).toBe(
    ", 1.5 s after the VM went back to a checkpoint",
  );
  expect(timeOf(tools, result(4_000), wentBack)).toBe(" after 3.0 s");
  const restored: SessionHappening = { type: "state-restored", time: 0, saved: 0, checkpoint: "a try" };
  expect(timeOf(restored, tools, result(2_000))).toBe(", 1.0 s after the VM continued from its checkpoint");
});
