import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { expect } from "@playwright/test";
import { execa } from "execa";
import { stopSession } from "../../core/session/client/stop-session.ts";
import { findSessions } from "../../core/session-record/find-sessions.ts";
import { findPaths, type Paths } from "../../core/storage/paths.ts";
import { deleteStates } from "../delete-states.ts";

const project = resolve(import.meta.dirname, "../..");

/** `tinsmith serve` itself, with a workspace and sessions of its own; ISOs, which take long to make, are cached. */
export interface RealEngine extends AsyncDisposable {
  readonly address: string;
  /** The folders of its sessions. */
  readonly paths: Paths;
  /** The folder of the embedded guest OS's image set. */
  readonly imageSet: string;
  /** Keeps the images that it has built for engines that start with them. */
  keepImages(): void;
  /** Runs another command beside it. */
  tinsmith(...args: readonly string[]): Promise<string>;
}

/** The folder in which the rebuild leaves its images, for the project "built" (see playwright.config.ts). */
export const builtImages = join(project, ".build/ui-images");

/**
 * @param start `built`: with the setup and worker image that the rebuild has made; else with none
 * @param folder an empty folder for all its files, which the engine deletes in the end
 */
export async function startRealEngine(
  start: "empty" | "built" = "empty",
  folder = mkdtempSync(join(tmpdir(), "ts-")),
): Promise<RealEngine> {
  const workspace = join(folder, "images");
  const filter = (path: string) => !/\.tar\.(lz4|zst)$/.test(path);
  cpSync(join(project, "images"), workspace, { recursive: true, filter });
  mkdirSync(join(folder, "tinsmith"));
  if (start === "built") copyImages(builtImages, folder);
  writeFileSync(
    join(folder, "tinsmith/settings.json"),
    JSON.stringify({ version: 1, workspaces: [workspace] }),
  );
  const env = { CI: "true", XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder };
  const options = { cwd: folder, env } as const;
  const server = execa(join(project, "tinsmith"), ["serve", "--keep"], { ...options, reject: false });
  const address = await firstLine(server.stdout);
  const paths = findPaths(env);
  return {
    address,
    paths,
    imageSet: join(workspace, "microcore"),
    keepImages: () => {
      rmSync(builtImages, { recursive: true, force: true });
      copyImages(folder, builtImages);
    },
    tinsmith: async (...args) => (await execa(join(project, "tinsmith"), args, options)).stdout,
    [Symbol.asyncDispose]: async () => {
      server.kill("SIGTERM");
      await server;
      await endSessions(paths);
      await deleteStates(paths);
      if (existsSync(folder)) rmSync(folder, { recursive: true });
    },
  };
}

/** Ends what a test that failed has left behind: the next one needs the processor. */
async function endSessions(paths: Paths): Promise<void> {
  for (const { id } of await findSessions(paths)) await stopSession(paths, id);
  await expect.poll(() => findSessions(paths), { timeout: 30_000 }).toEqual([]);
}

/** Copies the two archives of the embedded guest OS from home to home, and that they are this user's own. */
function copyImages(from: string, to: string): void {
  const archives = ["setup", "worker"].map((image) => `images/microcore/microcore-${image}.tar.lz4`);
  for (const file of [...archives, "tinsmith/known-images"]) cpSync(join(from, file), join(to, file));
}

async function firstLine(stream: Readable): Promise<string> {
  const [line] = await once(createInterface(stream), "line");
  return line;
}
