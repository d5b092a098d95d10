import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { z } from "zod";
import { packArchive } from "../../../core/image/archive/pack-archive.ts";
import { mebibyte, sampleBytes, writeSparseFile } from "../../../core/image/test-fixtures.ts";
import { errorDataSchema } from "../../../shared/errors/error-schema.ts";

/** The result of a work. */
const attemptSchema = z.object({
  /** The name of the thing to make. */
  name: z.string(),
  /** Absent when it went well. */
  error: errorDataSchema.optional(),
  /** Names of the files that were in the place afterwards. */
  left: z.array(z.string()),
  /** The content of the archive there, where one was left. */
  archive: z.string().optional(),
});
export type Attempt = z.output<typeof attemptSchema>;

/** The folders that the works use. */
export interface Workplace {
  readonly material: string;
  readonly place: string;
}

/** Makes a workplace in a new folder, which the caller removes. */
export async function makeWorkplace(): Promise<Workplace & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  // Nobody is to read it, too.
  chmodSync(folder, 0o755);
  const [material, place, image] = ["material", "place", "material/image"].map((name) => join(folder, name));
  if (!material || !place || !image) throw new Error("three names give three paths");
  for (const path of [material, place, image]) mkdirSync(path);
  writeFileSync(join(material, "large"), sampleBytes(3 * mebibyte));
  writeFileSync(join(material, "half"), sampleBytes(0.7 * mebibyte));
  writeFileSync(join(image, "machine.json"), '{"version": 1}');
  await writeSparseFile(join(image, "disk.img"), 8 * mebibyte, { 0: sampleBytes(3 * mebibyte) });
  await packArchive({ folder: image, target: join(material, "image.tar.lz4") });
  return { folder, material, place };
}

/** A mount that only the process and its children see, and that goes with them. */
const apart = ["unshare", "--map-root-user", "--mount", "sh", "-ec"] as const;
const mountAndRun = 'mount -t tmpfs -o "$1" tmpfs "$2"; shift 2; exec "$@"';

/** Whether this host lets this user mount file systems. */
export function canMount(): boolean {
  const [program, ...args] = [...apart, "mount -t tmpfs tmpfs /tmp"] as const;
  return execaSync(program, args, { reject: false }).exitCode === 0;
}

/** A command that runs another one which sees a file system, mounted with these options, in the folder. */
export function withMount(options: string, folder: string, command: readonly string[]): readonly string[] {
  return [...apart, mountAndRun, "sh", options, folder, ...command];
}

const work = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  join(import.meta.dirname, "work.ts"),
];

/** Does the works in a file system of its own, mounted with these options. */
export async function attemptOn(
  options: string,
  { material, place }: Workplace,
  names: readonly string[],
): Promise<readonly Attempt[]> {
  return await attempt(withMount(options, place, [...work, place, material, ...names]));
}

/** Does the works as a user who may not write to the place. */
export async function attemptAsNobody(
  { material, place }: Workplace,
  names: readonly string[],
): Promise<readonly Attempt[]> {
  chmodSync(place, 0o555);
  return await attempt(["env", "WORK_AS_NOBODY=1", ...work, place, material, ...names]);
}

async function attempt([program = "", ...args]: readonly string[]): Promise<readonly Attempt[]> {
  const { stdout } = await execa(program, args);
  return stdout.split("\n").map((line) => attemptSchema.parse(JSON.parse(line)));
}
