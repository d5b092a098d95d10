import { spawn } from "node:child_process";
import { chmodSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isWatchEvent, type WatchEvent } from "../../shared/watch/watch.ts";
import { eventually } from "../eventually.ts";
import { makeBuiltWorkshop } from "./built-workshop.ts";
import { tinsmithProgram } from "./tinsmith.ts";

const workshop = makeBuiltWorkshop();
/** A rebuild and a boot, on a busy host without KVM. Milliseconds. */
const patience = { timeout: 300_000, interval: 100 };

/** The watch of an image set whose guest tools are a copy of Tinsmith's own. */
function startWatch(...args: readonly string[]) {
  const { imageSet, folder } = workshop;
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
  onTestFinished(async () => {
    child.kill("SIGINT");
    await exited;
  });
  const verdicts = (round: number) =>
    events.flatMap((event) =>
      event.type === "verdict" && event.round === round ? `${event.kind}: ${event.outcome}` : [],
    );
  return {
    events,
    verdicts,
    /** Saves a file of the guest tools' sources. */
    save: (code: string) =>
      writeFileSync(join(sources, "internal/agent/extra.go"), `package agent\n${code}\n`),
    untilJudged: (round: number) =>
      eventually(() => expect(verdicts(round).at(-1)).toMatch("true: "), patience),
    stop: async () => {
      child.kill("SIGINT");
      return await exited;
    },
  };
}

test("a saved Go file gets a fast verdict, then a true one; a mistake in it gets the compiler's; the newest wins", async () => {
  const watch = startWatch("--run", "echo hello");
  await watch.untilJudged(1);
  expect(watch.verdicts(1)).toEqual(["true: passed"]);

  watch.save("// It changes nothing.");
  await watch.untilJudged(2);
  expect(watch.verdicts(2)).toEqual(["fast: passed", "true: passed"]);
  expect(watch.events).toContainEqual(
    expect.objectContaining({ type: "round-started", round: 2, changed: ["internal/agent/extra.go"] }),
  );

  watch.save("func {");
  await watch.untilJudged(3);
  const mistake = watch.events.find((event) => event.type === "verdict" && event.round === 3);
  expect(mistake).toMatchObject({
    kind: "true",
    outcome: "failed",
    text: expect.stringContaining("the guest tools can't be built"),
    lines: expect.arrayContaining([expect.stringContaining("extra.go:2")]),
  });
  expect(watch.events.some((event) => event.type === "round-session" && event.round === 3)).toBe(false);

  watch.save('import "os"\nfunc init() { os.Exit(3) }');
  await eventually(() => expect(watch.verdicts(4)).toEqual(["fast: failed"]), patience);
  watch.save("// Correct again.");
  await watch.untilJudged(5);
  expect(watch.events).toContainEqual(expect.objectContaining({ type: "round-overtaken", round: 4 }));
  expect(watch.verdicts(5)).toEqual(["fast: passed", "true: passed"]);
  expect(await watch.stop()).toBe(130);
}, 1_200_000);
