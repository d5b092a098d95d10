import { expect, test, vi } from "vitest";
import { preciseTime } from "./precise-time.ts";

test("it is the system's time, with fractions, and does not go back", () => {
  const times = Array.from({ length: 1000 }, preciseTime);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.some((time) => !Number.isInteger(time))).toBe(true);
  expect(times.every((time) => Number(time.toFixed(3)) === time)).toBe(true);
  expect(Math.abs(preciseTime() - Date.now())).toBeLessThan(100);
});

test("it follows a host that slept, or whose clock was set", () => {
  const systemTime = vi.spyOn(Date, "now");
  for (const hour of [3_600_000, -7_200_000]) {
    const later = performance.timeOrigin + performance.now() + hour;
    systemTime.mockReturnValue(Math.floor(later));
    expect(Math.abs(preciseTime() - later)).toBeLessThan(2);
  }
  systemTime.mockRestore();
  expect(Math.abs(preciseTime() - Date.now())).toBeLessThan(100);
});
