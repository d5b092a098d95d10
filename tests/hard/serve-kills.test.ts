import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startMeta, startTinsmith, tinsmith } from "../../cli/support/test-meta.ts";
import { digestFile } from "../../core/files/digest.ts";
import { findPaths } from "../../core/storage/paths.ts";
import { currentSettings } from "../../core/storage/settings-store.ts";
import { letTimePass } from "../let-time-pass.ts";
import { openWindow } from "./kill/window-client.ts";

// A hundred of them: ./test.sh kills
const kills = Number(process.env.TINSMITH_KILLS ?? 4);

/** The longest activity of a window before its server is killed. Milliseconds. */
const longest = 300;

/** A session that another terminal has started, and runs on. */
const session = await startMeta();
afterAll(() => session[Symbol.asyncDispose]());
const { home } = session;
const paths = findPaths({ TINSMITH_HOME: home });
const workspace = join(home, "workspace");
const set = join(workspace, "one");
const script = join(set, "setup.sh");
mkdirSync(set, { recursive: true });
writeFileSync(join(set, "recipe.yaml"), "");
/** A file of the user's, beside those that the window writes. */
const untouched = join(set, "setup.sh.partial");
writeFileSync(untouched, "mine");

const textOf = (number: number) => `# ${number}\n`.repeat(10_000);

/** Changes settings and saves a file, one after the other, until the server is gone. @returns the last number saved */
async function work(link: string, first: number, onFirst: () => void): Promise<number> {
  const app = await openWindow(link);
  let number = first;
  try {
    for (; ; number += 1) {
      await app.settings.change({ theme: number % 2 === 0 ? "dark" : "light", workspaces: [workspace] });
      await app.files.save({ path: script, text: textOf(number), replaces: await digestFile(script) });
      if (number === first) onFirst();
    }
  } catch (error) {
    if (!String(error).includes("tinsmith serve has ended")) throw error;
    return number;
  }
}

/** Starts `tinsmith serve`, and gives its link and a way to kill it. */
async function startServe() {
  const child = startTinsmith(home, ["serve"]);
  const link = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (bytes) => {
      printed += bytes;
      const [found] = /http:\S+/.exec(printed) ?? [];
      if (found && printed.includes("\n")) resolve(found);
    });
    child.stderr.resume();
    child.once("close", () => reject(new Error("tinsmith serve ended at once")));
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  return {
    link,
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

test(`serve, killed at ${kills} random moments while a window works, loses nothing`, {
  timeout: 60_000 + kills * 10_000,
}, async () => {
  writeFileSync(script, textOf(0));
  let saved = 0;
  for (let round = 0; round < kills; round += 1) {
    const serve = await startServe();
    let killed: Promise<void> | undefined;
    const last = await work(serve.link, saved + 1, () => {
      killed = letTimePass(Math.random() * longest).then(serve.kill);
    });
    await killed;

    const text = readFileSync(script, "utf8");
    expect([textOf(last - 1), textOf(last)]).toContain(text);
    saved = text === textOf(last) ? last : last - 1;
    const settings = currentSettings(paths);
    expect(settings.problem).toBeUndefined();
    expect(settings.workspaces).toEqual([workspace]);
    expect(readFileSync(untouched, "utf8")).toBe("mine");
    expect((await tinsmith(home, ["sessions"])).stdout.toString()).toContain(session.id);
  }

  // The next save deletes what the killed ones have left.
  const serve = await startServe();
  const app = await openWindow(serve.link);
  await app.files.save({ path: script, text: "last\n", replaces: await digestFile(script) });
  await app.settings.change({ theme: "system" });
  expect(readdirSync(set).sort()).toEqual(["recipe.yaml", "setup.sh", "setup.sh.partial"]);
  expect(readdirSync(home).filter((name) => name.includes("settings"))).toEqual(["settings.json"]);
  await serve.kill();
  rmSync(set, { recursive: true });
});
