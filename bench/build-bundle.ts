import { resolve } from "node:path";
import { execa } from "execa";

/** Builds a bundle of this checkout that a bench runs, unless it is there and up to date. */
export async function buildBundle(name: "renderer"): Promise<void> {
  await execa("bash", ["-ec", `source scripts/bootstrap.sh; need_${name}`], {
    cwd: resolve(import.meta.dirname, ".."),
    stdio: ["ignore", "ignore", "inherit"],
  });
}
