import { invalidArchive } from "../image-errors.ts";

/** The fields of a PAX extended header, about the entry after it, as far as we need them. */
export interface PaxHeader {
  /** The last value of each key. */
  readonly values: ReadonlyMap<string, string>;
  /** The numbers of the sparse map, in version 0.0 and 0.1: where an extent starts, its length, and so on. */
  readonly sparseNumbers: readonly string[] | undefined;
}

/**
 * Reads records of the form `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record.
 *
 * @param encoding of the values: with `latin1`, characters stand for bytes
 */
export function parsePaxHeader(data: Buffer, encoding: "utf8" | "latin1" = "utf8"): PaxHeader {
  const values = new Map<string, string>();
  const sparseNumbers: string[] = [];
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(" ", at);
    const equals = data.indexOf("=", at);
    const length = Number(/^[1-9]\d{0,8}$/.exec(data.toString("latin1", at, space))?.[0]);
    const end = at + length;
    if (!(at < space && space < equals && equals < end && end <= data.length && data[end - 1] === 0x0a)) {
      throw invalidArchive("a PAX header has a malformed record");
    }
    const key = data.toString("utf8", space + 1, equals);
    const value = data.toString(encoding, equals + 1, end - 1);
    // Version 0.0 repeats two keys for each extent, in turn; version 0.1 has one list.
    if (key !== "GNU.sparse.offset" && key !== "GNU.sparse.numbytes") values.set(key, value);
    else if ((key === "GNU.sparse.offset") === (sparseNumbers.length % 2 === 0)) sparseNumbers.push(value);
    else throw invalidArchive(`a PAX header has ${key} out of turn`);
    at = end;
  }
  const list = values.get("GNU.sparse.map");
  if (list !== undefined && sparseNumbers.length > 0)
    throw invalidArchive("a PAX header has two sparse maps");
  if (list !== undefined) return { values, sparseNumbers: list.split(",") };
  return { values, sparseNumbers: values.has("GNU.sparse.numblocks") ? sparseNumbers : undefined };
}
