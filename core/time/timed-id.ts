import { randomBytes } from "node:crypto";

/** Sorts by time: date, time of day, and four letters that distinguish ids of the same second. */
export function newTimedId(): string {
  const [date, time] = new Date().toISOString().replaceAll(/[-:]/g, "").split(/[T.]/);
  return `${date}-${time}-${randomBytes(2).toString("hex")}`;
}
