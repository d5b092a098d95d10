import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";

const project = resolve(import.meta.dirname, "../..");

/** `tinsmith serve` itself, with a workspace and sessions of its own; ISOs, which take long to make, are cached. */
export interface RealEngine extends AsyncDisposable {
  readonly address: string;
  /** The folder of the embedded guest OS's image set. */
  readonly imageSet: string;
  /** Runs another command beside it. */
  tinsmith(...args: readonly string[]): Promise<string>;
}

export async function startRealEngine(): Promise<RealEngine> {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  const workspace = join(folder, "images");
  const filter = (path: string) => !/\.tar\.(lz4|zst)$/.test(path);
  cpSync(join(project, "images"), workspace, { recursive: true, filter });
  mkdirSync(join(folder, "tinsmith"));
  writeFileSync(
    join(folder, "tinsmith/settings.json"),
    JSON.stringify({ version: 1, workspaces: [workspace] }),
  );
  const env = { XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder };
  const options = { cwd: folder, env } as const;
  const server = execa(join(project, "tinsmith"), ["serve", "--keep"], { ...options, reject: false });
  const address = await firstLine(server.stdout);
  return {
    address,
    imageSet: join(workspace, "microcore"),
    tinsmith: async (...args) => (await execa(join(project, "tinsmith"), args, options)).stdout,
    [Symbol.asyncDispose]: async () => {
      server.kill("SIGTERM");
      await server;
      if (existsSync(folder)) rmSync(folder, { recursive: true });
    },
  };
}

async function firstLine(stream: Readable): Promise<string> {
  const [line] = await once(createInterface(stream), "line");
  return line;
}
