import { existsSync } from "node:fs";
import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { readTextFile } from "../text-file.ts";
import { replaceFile } from "./replace-file.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** A kind of JSON file that Tinsmith keeps, in the newest version that this Tinsmith knows. */
export interface VersionedFormat<Value> {
  /** The content of such a file, in words for people: "settings". */
  readonly what: string;
  /** Reads the newest version, apart from its `version`. */
  readonly schema: z.ZodType<Value>;
  /** The one at index n makes version n + 1 of version n, which is 0 in a file that names none. */
  readonly migrations: readonly ((older: JsonObject) => JsonObject)[];
  /** Whether only this user may read such a file. */
  readonly isPrivate?: boolean;
}

/** The schema for the version of any file that Tinsmith keeps. */
const versionSchema = z.looseObject({ version: z.int().nonnegative().default(0) });

/**
 * The version of a file's data. Data of a newer version must not be used or overwritten.
 *
 * @throws AppError `newer-version`; `usage` when it is not a version.
 */
export function knownVersion(data: unknown, newest: number, what: string, path: string): number {
  const { data: { version } = {}, error } = versionSchema.safeParse(data);
  if (version === undefined) throw damaged(what, path, error);
  if (version <= newest) return version;
  throw new AppError({
    code: "newer-version",
    message: `the file ${path} holds ${what} of version ${version}, and this Tinsmith supports versions up to ${newest}`,
    advice: "A newer Tinsmith wrote it. Update Tinsmith, or move the file away.",
  });
}

/**
 * Reads a file of any version up to the newest; the file itself stays as it is.
 *
 * @throws AppError `newer-version`, or `usage` when it is damaged; the system's error when it can't be read.
 */
export function readVersioned<Value>(path: string, format: VersionedFormat<Value>): Value {
  return parseVersioned(readKept(path), format, path);
}

/** Reads the text of a file as `readVersioned` does. @param path its name, for errors */
export function parseVersioned<Value>(text: string, format: VersionedFormat<Value>, path: string): Value {
  const { what, schema, migrations } = format;
  try {
    const data = versionSchema.parse(JSON.parse(text));
    const version = knownVersion(data, migrations.length, what, path);
    return schema.parse(
      migrations.slice(version).reduce((older: JsonObject, migrate) => migrate(older), data),
    );
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw damaged(what, path, cause);
  }
}

/** The error for a file of Tinsmith's own that can't be read. */
export function damaged(what: string, path: string, cause: unknown): AppError {
  return new AppError(
    {
      code: "usage",
      message: `the file ${path} is damaged, and can't be read as ${what}`,
      advice: "Correct it, or move it away to start with a new one.",
    },
    { cause },
  );
}

/**
 * Writes a file in the newest version, as `replaceFile` does; a file of an older version is replaced.
 *
 * @throws AppError `newer-version`; the system's error when it can't be written.
 */
export function writeVersioned<Value extends object>(
  path: string,
  format: VersionedFormat<Value>,
  value: Value,
): void {
  replaceFile(
    path,
    () => {
      knownVersion(parseIfThere(path), format.migrations.length, format.what, path);
      return toText(format, value);
    },
    modeOf(format),
  );
}

/**
 * Changes a file as `replaceFile` does: two processes that change it at once both have their change in it.
 *
 * @param change gets the content of the file; undefined when there is none.
 * @returns the new content. @throws AppError as `readVersioned`, and then changes nothing
 */
export function changeVersioned<Value extends object>(
  path: string,
  format: VersionedFormat<Value>,
  change: (current: Value | undefined) => Value,
): Value {
  let value: Value | undefined;
  replaceFile(
    path,
    () => {
      value = change(existsSync(path) ? readVersioned(path, format) : undefined);
      return toText(format, value);
    },
    modeOf(format),
  );
  return value as Value;
}

/** The mode of a new file; undefined for the usual one. */
function modeOf({ isPrivate }: Pick<VersionedFormat<object>, "isPrivate">): number | undefined {
  return isPrivate ? 0o600 : undefined;
}

function toText<Value extends object>({ migrations }: VersionedFormat<Value>, value: Value): string {
  return `${JSON.stringify({ version: migrations.length, ...value }, null, 2)}\n`;
}

/** The largest file that Tinsmith writes itself, in bytes. */
const maximumBytes = 16 * 1024 ** 2;

function readKept(path: string): string {
  return readTextFile(path, { maximumBytes, code: "usage" });
}

/** An object without a version for a missing or damaged file. */
function parseIfThere(path: string): unknown {
  try {
    return versionSchema.parse(JSON.parse(readKept(path)));
  } catch {
    return {};
  }
}
