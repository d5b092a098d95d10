/** Sorts by time: date, time of day, and four letters that distinguish ids of the same second. */
export function newTimedId(): string {
  const [date, time] = new Date().toISOString().replaceAll(/[-:]/g, "").split(/[T.]/);
  // Loaded at the first use: it takes 5 ms, and most commands need none of it.
  const { randomBytes } = process.getBuiltinModule("node:crypto");
  return `${date}-${time}-${randomBytes(2).toString("hex")}`;
}
