import { readFile, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { openRegularFile } from "../../files/regular-file.ts";
import { readTextFile } from "../../files/text-file.ts";
import { stampOf } from "../../files/tree-entries.ts";
import { replaceFile } from "../../files/writing/replace-file.ts";
import { programFile } from "../../process/program-file.ts";
import { askQemu, askQemuAnew, listKeymaps, type QemuCapabilities } from "./capabilities.ts";
import { qemuProgram } from "./qemu-program.ts";

const names = z.array(z.string());
const knownAnswers = z.strictObject({
  /** See `describeQemu`. */
  origin: z.string(),
  answers: z.strictObject({
    program: z.string(),
    version: z.string(),
    machineTypes: names,
    accelerators: names,
    devices: names,
    dataFolders: names,
    sandbox: z.string().optional(),
  }),
});

/**
 * The capabilities of the QEMU at hand, as `askQemu` finds them. They are kept in the cache, because QEMU takes a third of a
 * second to tell them.
 *
 * @param cacheFolder created when missing
 * @throws AppError as `askQemu`
 */
export function findQemu(cacheFolder: string, program = qemuProgram()): Promise<QemuCapabilities> {
  return askQemu(program, async () => {
    const file = join(cacheFolder, "qemu.json");
    const origin = await describeQemu(program);
    if (origin === undefined) return await askQemuAnew(program);
    const known = recall(file);
    if (known?.origin === origin && known.answers.program === program) {
      const { answers } = known;
      return { sandbox: undefined, ...answers, keymaps: await listKeymaps(answers.dataFolders) };
    }
    const { keymaps: _, ...answers } = await askQemuAnew(program);
    try {
      replaceFile(file, () => `${JSON.stringify({ origin, answers })}\n`);
    } catch {
      // Without the cache, QEMU is asked again.
    }
    return { ...answers, keymaps: await listKeymaps(answers.dataFolders) };
  });
}

function recall(file: string): z.infer<typeof knownAnswers> | undefined {
  try {
    return knownAnswers.parse(JSON.parse(readTextFile(file, { maximumBytes: 1024 ** 2, code: "usage" })));
  } catch {
    return undefined;
  }
}

/**
 * All that QEMU's answers depend on: its program and modules, and this start of the host and this container, whose kernel may
 * refuse a sandbox.
 *
 * @returns undefined for a script, which may start another QEMU each time
 */
async function describeQemu(program: string): Promise<string | undefined> {
  const file = await programFile(program);
  const path = file.slice(0, file.lastIndexOf(" "));
  if (!(await isExecutable(path))) return undefined;
  const [boot, container] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => undefined),
    readlink("/proc/self/ns/mnt").catch(() => undefined),
  ]);
  if (boot === undefined || container === undefined) return undefined;
  return [file, ...(await stampModules(path)), boot.trim(), container].join(" ");
}

/** The first bytes of a program in machine code. */
const elfMagic = Buffer.from("\x7fELF");

async function isExecutable(path: string): Promise<boolean> {
  try {
    await using file = await openRegularFile(path);
    const { buffer } = await file.read(Buffer.alloc(elfMagic.length), 0, elfMagic.length, 0);
    return buffer.equals(elfMagic);
  } catch {
    return false;
  }
}

/** The stamps of the folders in which a distribution installs QEMU's modules, some of which are packages of their own. */
async function stampModules(program: string): Promise<readonly string[]> {
  const root = dirname(dirname(await realpath(program)));
  const libraries = ["lib", "lib64", ...["x86_64", "aarch64"].map((machine) => `lib/${machine}-linux-gnu`)];
  const folders = libraries.map((library) => join(root, library, "qemu"));
  const given = process.env.QEMU_MODULE_DIR;
  return await Promise.all(
    [...folders, ...(given ? [given] : [])].map((folder) =>
      stat(folder, { bigint: true }).then(stampOf, () => "none"),
    ),
  );
}
