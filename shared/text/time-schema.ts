import { z } from "zod";

/** The last millisecond of the year 9999: a date can be made of any time until then, and be written with four digits. */
const latestTime = 253_402_300_799_999;

/** A time that was kept in a file: milliseconds since the epoch. */
export const timeSchema = z.number().min(0).max(latestTime);

/** Whether anything is such a time, for those that look at very many. */
export function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= latestTime;
}
