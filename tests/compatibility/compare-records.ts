/** The differences between a format as it was recorded and as it is now. */
export interface RecordChanges {
  /** Lines by which files or readers of the recorded format may no longer fit. */
  readonly breaking: readonly string[];
  /** All else: added keys and values, and other limits. */
  readonly others: readonly string[];
}

/** Compares the lines of a format. A line is marked with `+` if it is new, and with `-` if it is gone. */
export function compareRecords(recorded: readonly string[], now: readonly string[]): RecordChanges {
  const before = new Set(recorded);
  const after = new Set(now);
  const gone = [...before.difference(after)];
  const fresh = [...after.difference(before)];
  const isBreaking = (line: string) =>
    /(?: \(required\)| only these keys)$/.test(line) && before.has(kindOfParent(line, recorded));
  return {
    breaking: [
      ...gone.filter((line) => !isLoose(line)).map((line) => `- ${line}`),
      ...fresh.filter(isBreaking).map((line) => `+ ${line}`),
    ],
    others: [
      ...gone.filter(isLoose).map((line) => `- ${line}`),
      ...fresh.filter((line) => !isBreaking(line)).map((line) => `+ ${line}`),
    ],
  };
}

/** A limit may change, a requirement may be dropped. */
function isLoose(line: string): boolean {
  return / limits \{|(?: \(required\)| only these keys)$/.test(line);
}

/** The recorded line that has the kind of the object to which a requirement belongs; "" for an object that is new. */
function kindOfParent(line: string, recorded: readonly string[]): string {
  const [, path = ""] = /^(.*?)(?: \(required\)| only these keys)$/.exec(line) ?? [];
  const object = line.endsWith("(required)") ? path.replace(/\.?[^.]*$/, "") || "(all)" : path;
  return recorded.find((one) => one.startsWith(`${object}: `)) ?? "";
}
