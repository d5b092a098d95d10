import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../files/folders.ts";
import type { Paths } from "./paths.ts";

/**
 * The places of the files that come with Tinsmith: in a checkout, in the npm package, or in the desktop app. Only in
 * a checkout may they be written to.
 */
export interface Installation {
  /** The program of session processes: a script for Node. */
  readonly commandLine: string;
  /** The same in one file, for Electron's utility processes. */
  readonly bundle: string;
  /** The folder of the window's built page. */
  readonly renderer: string;
  /** The folder of the image sets that come with it. */
  readonly images: string;
  /** Tinsmith's own guest tools: the folder of their sources, or else the binary that was built from these. */
  readonly guestTools: { readonly sources: string } | { readonly binary: string };
  readonly isCheckout: boolean;
  readonly version: string;
}

const packageSchema = z.object({ name: z.literal("tinsmith"), version: z.string() });

/** The installation that this file, or the bundle that it is in, belongs to. */
export const installation: Installation = findInstallation(import.meta.dirname);

/**
 * Finds the installation that a folder is in: the nearest folder above with Tinsmith's package.json.
 *
 * All but the main process is beside an asar archive, which only Electron can read.
 */
export function findInstallation(within: string): Installation {
  const own = readOwnPackage(join(within, "package.json"));
  if (!own) {
    if (dirname(within) === within)
      throw new Error("Tinsmith's package.json is in no folder above this file");
    return findInstallation(dirname(within));
  }
  const files = basename(within) === "app.asar" ? dirname(within) : within;
  const source = join(within, "cli/main.ts");
  const bundle = join(files, "dist/cli/tinsmith.mjs");
  const isCheckout = existsSync(source);
  return {
    commandLine: isCheckout ? source : bundle,
    bundle,
    renderer: join(files, "dist/renderer"),
    images: join(files, "images"),
    guestTools: isCheckout
      ? { sources: join(files, "guest") }
      : { binary: join(files, "guest-tools/guest-tools") },
    isCheckout,
    version: own.version,
  };
}

function readOwnPackage(path: string): { readonly version: string } | undefined {
  return existsSync(path) ? packageSchema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data : undefined;
}

/**
 * The folder in which image sets are looked for when the settings name none, and built. It is the checkout's own;
 * else the user's, to which those that come with Tinsmith are copied. Existing files stay as they are.
 */
export function ownWorkspace(paths: Paths, { images, isCheckout }: Installation = installation): string {
  if (isCheckout) return images;
  makeFolder(paths.images);
  for (const name of readdirSync(images)) copyWhole(join(images, name), join(paths.images, name));
  return paths.images;
}

/** Copies a folder, unless there is one: a copy that is broken off leaves nothing there that would pass for it. */
function copyWhole(from: string, to: string): void {
  if (existsSync(to)) return;
  const partial = mkdtempSync(`${dirname(to)}.partial-`);
  cpSync(from, partial, { recursive: true });
  chmodSync(partial, statSync(from).mode);
  renameSync(partial, to);
}
