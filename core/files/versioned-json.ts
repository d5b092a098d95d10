import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { AppError } from "../../shared/errors.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** A kind of JSON file that Tinsmith keeps, in the newest version that this Tinsmith knows. */
export interface VersionedFormat<Value> {
  /** What such a file holds, for people: "settings". */
  readonly what: string;
  /** Reads the newest version, apart from its `version`. */
  readonly schema: z.ZodType<Value>;
  /** The one at index n makes version n + 1 of version n, which is 0 in a file that names none. */
  readonly migrations: readonly ((older: JsonObject) => JsonObject)[];
}

/** What tells the version of anything that Tinsmith keeps. */
const versionSchema = z.looseObject({ version: z.int().nonnegative().default(0) });

/**
 * The version of what was read; nothing of a newer one may be used, or written over.
 *
 * @throws AppError `newer-version`; zod's error when it is no version at all.
 */
export function knownVersion(data: unknown, newest: number, what: string, path: string): number {
  const { version } = versionSchema.parse(data);
  if (version <= newest) return version;
  throw new AppError({
    code: "newer-version",
    message: `the file ${path} holds ${what} of version ${version}, and this Tinsmith knows none past version ${newest}`,
    advice: "A newer Tinsmith wrote it, and it is left as it is. Update Tinsmith, or move the file away.",
  });
}

/**
 * Reads a file of any version up to the newest; the file itself stays as it is.
 *
 * @throws AppError `newer-version`, or `usage` when it is damaged; the system's error when it can't be read.
 */
export function readVersioned<Value>(path: string, format: VersionedFormat<Value>): Value {
  const { what, schema, migrations } = format;
  const text = readFileSync(path, "utf8");
  try {
    const data = versionSchema.parse(JSON.parse(text));
    const version = knownVersion(data, migrations.length, what, path);
    return schema.parse(
      migrations.slice(version).reduce((older: JsonObject, migrate) => migrate(older), data),
    );
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const message = `the file ${path} is damaged, and can't be read as ${what}`;
    throw new AppError(
      { code: "usage", message, advice: "Mend it, or move it away to begin anew." },
      { cause },
    );
  }
}

/**
 * Writes a file whole, in the newest version, or leaves it as it was; what is there of an older one is replaced.
 *
 * @throws AppError `newer-version`; the system's error when it can't be written.
 */
export function writeVersioned<Value extends object>(
  path: string,
  { what, migrations }: VersionedFormat<Value>,
  value: Value,
): void {
  const version = migrations.length;
  knownVersion(parseIfThere(path), version, what, path);
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(`${path}.partial`, `${JSON.stringify({ version, ...value }, null, 2)}\n`);
    renameSync(`${path}.partial`, path);
  } catch (error) {
    rmSync(`${path}.partial`, { force: true });
    throw error;
  }
}

/** An object without a version for what is not there, or damaged. */
function parseIfThere(path: string): unknown {
  try {
    return versionSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}
