import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attach } from "../core/session/client/attach.ts";
import { findPaths, sessionPaths } from "../core/storage/paths.ts";
import { judged, median } from "./figures.ts";

// node bench/checkpoints.ts [ROUNDS]
// Measures for how many seconds a freshly booted guest with 512 MB is paused for a checkpoint, and to go back to it. It runs
// the worker image of images/microcore, which ./rebuild.sh builds.

const [rounds = "5"] = process.argv.slice(2);
const project = join(import.meta.dirname, "..");
const home = mkdtempSync(join(tmpdir(), "ts-"));
const image = join(project, "images/microcore/microcore-worker.tar.lz4");
const run = spawn(
  join(project, "tinsmith"),
  ["run", "--keep-alive", "--memory", "512", image, "--", "true"],
  { env: { ...process.env, TINSMITH_HOME: home }, stdio: ["ignore", "ignore", "pipe"] },
);
try {
  let said = "";
  for await (const text of run.stderr.iterator({ destroyOnReturn: false })) {
    said += text;
    if (said.includes("look into it with")) break;
  }
  if (!said.includes("look into it with")) throw new Error(`the run has ended before its task: ${said}`);
  run.stderr.resume();
  const paths = findPaths({ TINSMITH_HOME: home });
  using session = await attach(paths, undefined);
  const { machine } = session.api;
  const sizes: number[] = [];
  for (let round = 1; round <= Number(rounds); round++) {
    const name = `round ${round}`;
    sizes.push((await machine.makeCheckpoint({ name })).size / 1e6);
    await machine.goBack({ name });
    await machine.deleteCheckpoint({ name });
  }
  const events = readFileSync(sessionPaths(paths, session.description.id).events, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const seconds = (type: string) =>
    median(events.filter((event) => event.type === type).map(({ pausedFor }) => pausedFor / 1000));
  process.stdout.write(
    [
      `size of a checkpoint: ${median(sizes).toFixed(0)} MB`,
      `paused while it is made, s: ${judged(seconds("checkpoint-made"), 0.5, "at most")}`,
      `paused while the guest goes back, s: ${judged(seconds("went-back"), 0.5, "at most")}`,
      "",
    ].join("\n"),
  );
} finally {
  run.kill("SIGINT");
  await once(run, "exit");
  rmSync(home, { recursive: true });
}
