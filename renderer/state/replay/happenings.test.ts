import { expect, test } from "vitest";
import type { SessionHappening } from "../../../shared/session/session-event.ts";
import { createHappeningList } from "./happenings.ts";

function listOf(...batches: readonly (readonly SessionHappening[])[]) {
  const happenings = createHappeningList();
  let seq = 0;
  for (const batch of batches) happenings.add(batch.map((event) => ({ ...event, seq: ++seq })));
  return happenings.list;
}

const body = { bytes: 0, beginning: "" };

test("an exchange is one happening, with its response and end, also when these come later", () => {
  const list = listOf(
    [
      {
        type: "exchange-started",
        time: 10,
        exchange: 1,
        method: "GET",
        target: "/engine/v1/poll?id=a",
        headers: [],
      },
      { type: "note", time: 11, text: "Booting" },
    ],
    [
      { type: "exchange-replied", time: 20, exchange: 1, status: 200, headers: [] },
      { type: "exchange-ended", time: 21, exchange: 1, outcome: "complete", request: body, reply: body },
      { type: "exchange-ended", time: 22, exchange: 7, outcome: "cut", request: body, reply: body },
    ],
  );
  expect(list).toEqual([
    { kind: "exchange", time: 10, text: "GET /poll?id=a", reply: { time: 20, status: 200 }, end: 21 },
    { kind: "progress", time: 11, text: "Booting" },
  ]);
});

test("what went wrong is marked", () => {
  const started = {
    type: "exchange-started",
    method: "POST",
    target: "/engine/v1/log",
    headers: [],
  } as const;
  const list = listOf([
    { ...started, time: 1, exchange: 1 },
    { type: "exchange-replied", time: 2, exchange: 1, status: 503, headers: [] },
    { ...started, time: 3, exchange: 2 },
    { type: "exchange-ended", time: 4, exchange: 2, outcome: "cut", request: body, reply: body },
    { type: "run-failed", time: 5, error: { code: "guest-tools-lost", message: "lost" } },
    { type: "guest-tools-started", time: 6 },
  ]);
  expect(list.map(({ isBad }) => isBad ?? false)).toEqual([true, true, true, false]);
});

test("what a guest printed is no happening: console and log show it", () => {
  expect(
    listOf([
      { type: "guest-log", time: 1, text: "line" },
      { type: "screen-changed", time: 2, picture: "aa" },
    ]),
  ).toEqual([]);
});
