import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { expect } from "@playwright/test";
import { execa } from "execa";
import { lockFolder } from "../../core/files/locks/file-lock.ts";
import { isTemplateFile } from "../../core/image-set/create-image-set.ts";
import { stopSession } from "../../core/session/client/stop-session.ts";
import { findSessions } from "../../core/session-record/find-sessions.ts";
import { findPaths, type Paths } from "../../core/storage/paths.ts";
import { deleteStates } from "../delete-states.ts";

const project = resolve(import.meta.dirname, "../..");
const program = join(project, "tinsmith");

/** `tinsmith serve` itself, with a workspace and sessions of its own; ISOs, which take long to make, are cached. */
export interface RealEngine extends AsyncDisposable {
  readonly address: string;
  /** Kills `tinsmith serve`, whose sessions run on, and starts another. @returns the new address of the window */
  restart(): Promise<string>;
  /** The folders of its sessions. */
  readonly paths: Paths;
  /** The folder of the embedded guest OS's image set. */
  readonly imageSet: string;
  /** Runs another command beside it. */
  tinsmith(...args: readonly string[]): Promise<string>;
}

/** The home of the images that engines start with, which the first of them builds. */
export const builtImages = join(project, ".build/ui-images");

/**
 * @param start `built`: with a setup and worker image; else with none
 * @param folder an empty folder for all its files, which the engine deletes in the end
 */
export async function startRealEngine(
  start: "empty" | "built" = "empty",
  folder = mkdtempSync(join(tmpdir(), "ts-")),
): Promise<RealEngine> {
  const { workspace, imageSet } = putImageSets(folder);
  mkdirSync(join(folder, "tinsmith"));
  if (start === "built") await putImages(folder);
  writeFileSync(
    join(folder, "tinsmith/settings.json"),
    JSON.stringify({ version: 1, workspaces: [workspace] }),
  );
  const env = environment(folder);
  const options = { cwd: folder, env } as const;
  const serve = () => execa(program, ["serve", "--keep"], { ...options, reject: false });
  let server = serve();
  const address = await firstLine(server.stdout);
  const paths = findPaths(env);
  return {
    address,
    restart: async () => {
      server.kill("SIGKILL");
      await server;
      server = serve();
      return await firstLine(server.stdout);
    },
    paths,
    imageSet,
    tinsmith: async (...args) => (await execa(program, args, options)).stdout,
    [Symbol.asyncDispose]: async () => {
      server.kill("SIGTERM");
      await server;
      await endSessions(paths);
      await deleteStates(paths);
      if (existsSync(folder)) rmSync(folder, { recursive: true });
    },
  };
}

/** The environment of a program whose files are in a folder. */
function environment(folder: string) {
  return { CI: "true", XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder };
}

/** Ends what a test that failed has left behind: the next one needs the processor. */
async function endSessions(paths: Paths): Promise<void> {
  for (const { id } of await findSessions(paths)) await stopSession(paths, id);
  await expect.poll(() => findSessions(paths), { timeout: 30_000 }).toEqual([]);
}

/** Copies the project's image sets into a home, without archives. */
function putImageSets(home: string) {
  const workspace = join(home, "images");
  cpSync(join(project, "images"), workspace, { recursive: true, filter: isTemplateFile });
  return { workspace, imageSet: join(workspace, "microcore") };
}

/**
 * Copies the two archives of the embedded guest OS into a home, and that they are this user's own. If they are missing or not up
 * to date they are built: one test does, and others that run at the same time wait for it.
 */
async function putImages(home: string): Promise<void> {
  mkdirSync(builtImages, { recursive: true });
  let lock: Disposable | undefined;
  await expect
    .poll(() => (lock ??= lockFolder(builtImages, "exclusive")), { timeout: 600_000 })
    .toBeDefined();
  using _held = lock;
  const { imageSet } = putImageSets(builtImages);
  await execa(program, ["rebuild", "worker", "--recipe", imageSet], { env: environment(builtImages) });
  // The desktop app's tests read it, as another user.
  chmodSync(join(builtImages, "tinsmith"), 0o755);
  const archives = ["setup", "worker"].map((image) => `images/microcore/microcore-${image}.tar.lz4`);
  for (const file of [...archives, "tinsmith/known-images"])
    cpSync(join(builtImages, file), join(home, file));
}

async function firstLine(stream: Readable): Promise<string> {
  const [line] = await once(createInterface(stream), "line");
  return line;
}
