import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The guest tools' binary, for this host. */
    readonly guestTools: string;
  }
}

/** Builds the guest tools for this host's processor, which may not be the guest's. */
export async function buildGuestTools(out: string): Promise<void> {
  await execa("go", ["build", "-o", out, "."], {
    cwd: resolve(import.meta.dirname, "../../guest"),
    env: { CGO_ENABLED: "0", GOTOOLCHAIN: "local" },
  });
}

export async function setup(vitest: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  const binary = join(folder, "guest-tools");
  await buildGuestTools(binary);
  vitest.provide("guestTools", binary);
  return () => rmSync(folder, { recursive: true });
}
