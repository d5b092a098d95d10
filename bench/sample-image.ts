import { cp, mkdir, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

const gibibyte = 1024 ** 3;
const programBytes = 300e6;
const programFolders = ["/usr/bin", "/usr/lib"];

/** Makes an image in `folder`: an ext4 file system of 1 GiB with 300 MB of this system's programs. */
export async function makeProgramImage(folder: string): Promise<void> {
  await makeDefinition(folder);
  const programs = join(folder, "programs");
  await copyPrograms(programs);
  await execa("mke2fs", ["-q", "-t", "ext4", "-d", programs, join(folder, "disk.img"), "1G"], {
    env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  await rm(programs, { recursive: true });
}

async function copyPrograms(folder: string): Promise<void> {
  let copied = 0;
  for (const programFolder of programFolders) {
    const entries = await readdir(programFolder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) {
      const { size } = await stat(file);
      if (copied + size > programBytes) continue;
      await cp(file, join(folder, file));
      copied += size;
    }
  }
}

/** Makes an image of 40 GiB with 64 MiB of a program's bytes here and there. */
export async function makeSparseImage(folder: string): Promise<void> {
  await makeDefinition(folder);
  await using program = await open(process.execPath);
  const piece = Buffer.alloc(1024 * 1024);
  await using disk = await open(join(folder, "disk.img"), "wx");
  await disk.truncate(40 * gibibyte);
  for (let index = 0; index < 64; index++) {
    await program.read(piece, 0, piece.length, index * piece.length);
    await disk.write(piece, 0, piece.length, (index * 40 * gibibyte) / 64);
  }
}

async function makeDefinition(folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "machine.json"), '{ "version": 1 }\n');
}
