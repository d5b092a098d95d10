import { spawn } from "node:child_process";
import { chmodSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isWatchEvent, type WatchEvent } from "../../shared/watch/watch.ts";
import { tinsmithProgram, type Workshop } from "./tinsmith.ts";

/** A watch of an image set whose guest tools are a copy of Tinsmith's own. */
export interface WatchedSet {
  readonly events: readonly WatchEvent[];
  /** The verdicts of a round: `fast: passed`. */
  verdicts(round: number): readonly string[];
  /** Saves a file of the guest tools' sources. */
  save(code: string): void;
  /** Interrupts it. @returns its exit status */
  stop(): Promise<number | null>;
}

/** @param args the options that choose the check */
export function watchSet({ imageSet, folder }: Workshop, ...args: readonly string[]): WatchedSet {
  const sources = join(imageSet, "tools");
  cpSync(resolve(import.meta.dirname, "../../guest"), sources, { recursive: true });
  const build = join(imageSet, "build.sh");
  writeFileSync(build, '#!/bin/sh\nexec ./tools/build.sh "$PWD/guest-tools"\n');
  chmodSync(build, 0o755);
  const recipe = join(imageSet, "recipe.yaml");
  const tools =
    "guestTools: {build: [./build.sh], inputs: [build.sh, tools], binary: guest-tools, run: [run]}\n";
  writeFileSync(recipe, `${readFileSync(recipe, "utf8")}${tools}`);
  const child = spawn(tinsmithProgram, ["watch", "--recipe", imageSet, "--json", ...args], {
    cwd: folder,
    env: { ...process.env, XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const events: WatchEvent[] = [];
  let rest = "";
  child.stdout.on("data", (bytes: Buffer) => {
    const lines = `${rest}${bytes}`.split("\n");
    rest = lines.pop() ?? "";
    events.push(...lines.map((line) => JSON.parse(line)).filter(isWatchEvent));
  });
  const exited = new Promise<number | null>((settle) => child.once("exit", settle));
  return {
    events,
    verdicts: (round) =>
      events.flatMap((event) =>
        event.type === "verdict" && event.round === round ? `${event.kind}: ${event.outcome}` : [],
      ),
    save: (code) => writeFileSync(join(sources, "internal/agent/extra.go"), `package agent\n${code}\n`),
    stop: async () => {
      child.kill("SIGINT");
      return await exited;
    },
  };
}
