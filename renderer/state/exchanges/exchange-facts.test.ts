import { expect, test } from "vitest";
import type { Exchange } from "../guest/exchanges.ts";
import { phasesOf } from "./exchange-facts.ts";

test("a body that is streamed is the request's time, while it arrives and when it was cut; then the host handles it", () => {
  const streamed: Exchange = {
    number: 1,
    method: "POST",
    target: "/engine/v1/log",
    started: 1_000,
    requestHeaders: [["Transfer-Encoding", "chunked"]],
  };
  const phases = (more: Partial<Exchange>, now = 0) =>
    phasesOf({ ...streamed, ...more }, now).map(({ kind, from, to }) => `${kind} ${from}-${to}`);
  expect(phases({}, 61_000)).toEqual(["request 1000-61000"]);
  expect(phases({ received: 61_000 }, 62_000)).toEqual(["request 1000-61000", "handling 61000-62000"]);
  expect(phases({ ended: 31_000, outcome: "cut" })).toEqual(["request 1000-31000"]);
  const whole = { received: 61_000, replied: 61_500, ended: 61_501 };
  expect(phases(whole)).toEqual(["request 1000-61000", "handling 61000-61500", "response 61500-61501"]);
  expect(phases({ requestHeaders: [["content-length", "0"]] }, 2_000)).toEqual(["handling 1000-2000"]);
});
