import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { findPaths } from "../storage/paths.ts";

const install = "install: [{type: poweroff}]\n";

/** Makes image sets with small recipes in a folder of its own. @param matrix the end of the recipe of the set `small` */
export function makeMatrixSet(matrix: string, { recipe = install }: { readonly recipe?: string } = {}) {
  const home = mkdtempSync(join(tmpdir(), "matrix-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const addSet = (name: string, text: string) => {
    const folder = join(home, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "recipe.yaml"), text);
    writeFileSync(join(folder, "machine.json"), '{"version": 1}');
    writeFileSync(join(folder, "large.json"), '{"version": 1, "memory": 3000}');
    writeFileSync(join(folder, "tools.sh"), "#!/bin/sh\n", { mode: 0o755 });
    return folder;
  };
  const folder = addSet("small", `${recipe}guestTools: {binary: tools.sh}\n${matrix}`);
  return { home, folder, addSet, paths: findPaths({ TINSMITH_HOME: join(home, "home") }) };
}
