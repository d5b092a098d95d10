import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../eventually.ts";
import { createShears, passByteByByte } from "./passages.ts";
import { untilGone } from "./processes.ts";
import { openShell } from "./shell.ts";
import { type Stage, setStage } from "./stage.ts";

// Failures between the guest tools and the service, and on either side.

async function set(options: Parameters<typeof setStage>[0]): Promise<Stage> {
  const stage = await setStage(options);
  onTestFinished(() => stage[Symbol.asyncDispose]());
  return stage;
}

/** Whether the guest tools answer actions. */
async function answers(stage: Stage): Promise<boolean> {
  const folder = join(stage.folder, "probe");
  mkdirSync(folder, { recursive: true });
  return (await stage.service().actions.listFolder(folder)).notFound === false;
}

test("a service that restarts in the middle of a poll is polled again", async () => {
  const stage = await set({});
  expect(await answers(stage)).toBe(true);
  await stage.restartService();
  expect(await answers(stage)).toBe(true);
});

test("a service that restarts in the middle of a log has the rest of it, after a line that says so, and the result", async () => {
  const script = "echo first; until [ -e $FOLDER/go ]; do sleep 0.05; done; seq 100000; echo last";
  const stage = await set({ script });
  await stage.untilLogged("first\r\n");
  await stage.stopService();
  writeFileSync(join(stage.folder, "go"), "");
  await stage.startService();
  await eventually(() => expect(stage.results).toEqual(["success"]));
  const [before, notice, after = ""] = stage
    .logged()
    .split(/(\r\n\[guest-tools\] the log stream broke: .*\r\n)/);
  expect(before).toBe("first\r\n");
  expect(notice).toContain("it goes on here");
  const numbers = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\r\n`).join("");
  // Bytes that were on the way when the service ended may be lost.
  expect(`${numbers}last\r\n`.endsWith(after)).toBe(true);
  expect(after.length).toBeGreaterThan(numbers.length / 2);
});

test("a service that restarts in the middle of an artifact has no half of it, and the whole when it asks again", async () => {
  const stage = await set({});
  const [source, target] = [join(stage.folder, "source"), join(stage.folder, "copies/target")];
  mkdirSync(join(stage.folder, "copies"));
  writeFileSync(source, Buffer.alloc(200e6, "some text\n"));
  const begun = Promise.withResolvers<void>();
  const onProgress = ({ bytes }: { bytes: number }) => {
    if (bytes > 1e6) begun.resolve();
  };
  const got = stage.service().actions.getArtifact(source, target, { onProgress });
  const failed = expect(got).rejects.toMatchObject({ code: "guest-action-failed" });
  await begun.promise;
  await stage.restartService();
  await failed;
  expect(readdirSync(join(stage.folder, "copies"))).toEqual([]);
  await stage.service().actions.getArtifact(source, target);
  expect(readFileSync(target).equals(readFileSync(source))).toBe(true);
});

test("guest tools that are killed in the middle of a shell cost that shell, and others take their place", async () => {
  const stage = await set({});
  const shell = await openShell(stage.service().actions, { command: ["sh", "-c", "echo $$; exec cat"] });
  await eventually(() => expect(shell.stdout()).toMatch(/\n$/));
  stage.tools.kill("SIGKILL");
  await once(stage.tools, "exit");
  await expect(shell.ended).rejects.toMatchObject({
    code: "guest-action-failed",
    message: expect.stringContaining("was cut off"),
  });
  // Its pipes have ended.
  await untilGone([Number(shell.stdout())]);
  stage.startTools();
  expect(await answers(stage)).toBe(true);
});

test("a task that other guest tools run again keeps its first result", async () => {
  const stage = await set({ script: "mkdir $FOLDER/once" });
  await eventually(() => expect(stage.results).toEqual(["success"]));
  stage.tools.kill("SIGKILL");
  await once(stage.tools, "exit");
  stage.startTools();
  const refusal = "PUT failed: status 409 ResourceConflict the task was already resolved as success";
  await eventually(() => expect(stage.console()).toContain(refusal));
  expect(stage.results).toEqual(["success"]);
  expect(await answers(stage)).toBe(true);
});

test("a shell whose connection is cut behind any of its messages has ended on both sides, and the next one works", async () => {
  let most = Number.POSITIVE_INFINITY;
  const shears = createShears(() => most);
  const stage = await set({ passageOf: shears.passage });
  const pidFile = join(stage.folder, "pid");
  const command = ["sh", "-c", `echo $$ >${pidFile}; cat; echo error >&2`];
  const talk = async () => {
    writeFileSync(pidFile, "");
    const shell = await openShell(stage.service().actions, { command });
    await shell.write(Buffer.from("text"));
    await shell.end();
    return await shell.ended;
  };
  await expect(talk()).resolves.toEqual({ success: true });
  await eventually(() => expect(shears.passed()).toBeGreaterThan(10));
  const all = shears.passed();
  for (most = 1; most < all; most++) {
    // Whether the end of the command had passed decides.
    const outcome = await talk().catch((error) => error.code);
    expect([{ success: true }, "guest-action-failed", "guest-no-answer"]).toContainEqual(outcome);
    expect(shears.passed()).toBe(most);
    const pid = Number(readFileSync(pidFile, "utf8"));
    if (pid > 0) await untilGone([pid]);
  }
  most = Number.POSITIVE_INFINITY;
  await expect(talk()).resolves.toEqual({ success: true });
}, 120_000);

test("a reply whose answer is lost is sent again, and that does no harm", async () => {
  let lost = 0;
  const stage = await set({
    // Runs until it is killed: a task that has ended can't be.
    script: "sleep 1000",
    passageOf: () => {
      let isReply = false;
      return (from, to) => {
        from.on("data", (bytes) => {
          isReply ||= bytes.toString().startsWith("POST /engine/v1/reply?");
          if (!isReply || !bytes.toString().startsWith("HTTP/1.1 200")) return void to.write(bytes);
          lost += 1;
          to.destroy();
        });
        from.once("end", () => to.end());
      };
    },
  });
  for (let round = 0; round < 3; round++) expect(await answers(stage)).toBe(true);
  await stage.service().actions.killProcess();
  const refused = () => stage.console().match(/status 400 UnknownActionId/g);
  await eventually(() => expect(refused()).toHaveLength(4));
  expect(lost).toBe(4);
});

test("a relay that splits and delays every byte changes nothing", async () => {
  const stage = await set({ script: "seq 500; echo done", passageOf: () => passByteByByte });
  const source = join(stage.folder, "source");
  writeFileSync(source, Buffer.alloc(20_000, "text\n"));
  const { actions } = stage.service();
  const shell = openShell(actions, { command: ["sh", "-c", "cat; stty size; exit 3"], tty: true });
  const copied = actions.getArtifact(source, join(stage.folder, "target"));
  const listed = actions.listFolder(join(stage.folder));
  const { write, resize, ended, stdout } = await shell;
  resize(99, 33);
  await write(Buffer.from("line\r\u0004"));
  expect(await ended).toEqual({ success: false });
  expect(stdout()).toBe("line\r\nline\r\n33 99\r\n");
  expect(await copied).toEqual({ bytes: 20_000 });
  expect(readFileSync(join(stage.folder, "target")).equals(readFileSync(source))).toBe(true);
  expect((await listed).files).toContain(source);
  await eventually(() => expect(stage.results).toEqual(["success"]));
  const numbers = Array.from({ length: 500 }, (_, index) => `${index + 1}\r\n`).join("");
  expect(stage.logged()).toBe(`${numbers}done\r\n`);
});
