import { expect, test } from "vitest";
import { describeOutputFaults, isPng } from "./recording-faults.ts";

test("a console with all of its output and times, and one that printed nothing, have no faults", () => {
  const whole = { times: [[1_000, 7]], wrong: 0 } as const;
  expect(describeOutputFaults(whole, 7, "the serial console")).toEqual([]);
  expect(describeOutputFaults(whole, 900, "the serial console")).toEqual([]);
  expect(describeOutputFaults({ times: [], wrong: 0 }, 0, "the serial console")).toEqual([]);
});

test("output without its times, and times without their output, are told", () => {
  const untimed =
    "The times of the serial console are missing or can't be read: its output is shown all at once.";
  expect(describeOutputFaults({ times: [], wrong: 0 }, 7, "the serial console")).toEqual([untimed]);
  expect(describeOutputFaults({ times: [], wrong: 3 }, 7, "the serial console")).toEqual([untimed]);
  expect(describeOutputFaults({ times: [[1_000, 7]], wrong: 0 }, 0, "the guest's log")).toEqual([
    "The record of this session is damaged: 7 bytes of the output of the guest's log are missing.",
  ]);
});

test("a PNG file is known by its signature", () => {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  expect(isPng(Uint8Array.from([...signature, 1]))).toBe(true);
  expect(isPng(Uint8Array.from(signature.slice(0, 7)))).toBe(false);
  expect(isPng(new Uint8Array())).toBe(false);
  expect(isPng(new TextEncoder().encode("not a picture"))).toBe(false);
});
