import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { isTemplateFile } from "../../core/image-set/create-image-set.ts";
import { findPaths } from "../../core/storage/paths.ts";
import { builtImages } from "../ui/real-engine.ts";

const project = resolve(import.meta.dirname, "../..");
const archives = ["setup", "worker"].map((image) => `microcore-${image}.tar.lz4`);

/**
 * Puts the embedded guest OS's image set into a home, with its images: those that tests/ui has built where there are some,
 * else they are built now.
 *
 * @returns its folder
 */
export async function putBuiltSet(home: string): Promise<string> {
  const workspace = join(home, "images");
  const set = join(workspace, "microcore");
  cpSync(join(project, "images"), workspace, { recursive: true, filter: isTemplateFile });
  writeFileSync(join(home, "settings.json"), JSON.stringify({ version: 1, workspaces: [workspace] }));
  // The ISO takes long to make.
  const { cache } = findPaths();
  mkdirSync(cache, { recursive: true });
  symlinkSync(cache, join(home, "cache"));
  if (archives.every((archive) => existsSync(join(builtImages, "images/microcore", archive)))) {
    for (const archive of archives)
      cpSync(join(builtImages, "images/microcore", archive), join(set, archive));
    cpSync(join(builtImages, "tinsmith/known-images"), join(home, "known-images"));
  } else {
    const env = { CI: "true", TINSMITH_HOME: home };
    await execa(join(project, "tinsmith"), ["rebuild", "worker", "--recipe", set], { env });
    // The home has no earlier builds in either case.
    rmSync(join(home, "sessions"), { recursive: true });
  }
  return set;
}
