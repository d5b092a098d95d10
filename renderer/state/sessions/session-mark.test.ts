import { expect, test } from "vitest";
import { sessionMark } from "./session-mark.ts";

test("sessions that follow one another have different colours, and keep them", () => {
  const first = ["a", "b", "c", "d", "e", "f"].map(sessionMark);
  expect(new Set(first).size).toBe(6);
  expect(["a", "b", "c", "d", "e", "f"].map(sessionMark)).toEqual(first);
});
