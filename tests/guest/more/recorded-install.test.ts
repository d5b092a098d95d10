import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { attach } from "../../../core/session/client/attach.ts";
import { webSocketChannel } from "../../../core/session/serve/web-socket-channel.ts";
import { findPaths, sessionPaths } from "../../../core/storage/paths.ts";
import { consoleChannelPath } from "../../../shared/channel/byte-channel.ts";
import { encodeShellMessage } from "../../../shared/guest/shell-codec.ts";
import { eventually } from "../../eventually.ts";
import { removeWorkshop } from "../remove-workshop.ts";
import { makeWorkshop, tinsmith } from "../tinsmith.ts";

const workshop = makeWorkshop();
afterAll(() => removeWorkshop(workshop));
const paths = findPaths({ XDG_STATE_HOME: workshop.folder });
const rebuild = (...args: readonly string[]) => [
  ...["rebuild", "setup", "--recipe", workshop.imageSet],
  ...args,
];

test("an installation by hand becomes the recipe of one that needs nobody; its steps hold in a dry run", async () => {
  let session: string | undefined;
  const building = tinsmith(workshop, rebuild("--by-hand", "--json"), {
    onStdout: (text) => {
      session ??= /"session":"([^"]+)"/.exec(text)?.[1];
    },
  });
  const id = await eventually(() => session ?? Promise.reject(new Error("no session yet")), {
    timeout: 60_000,
  });
  const files = sessionPaths(paths, id);
  const address = `ws+unix:${files.apiSocket}:${consoleChannelPath}?from=0`;
  const channel = webSocketChannel(new WebSocket(address));
  const prompts = () => readFileSync(files.serialLog, "utf8").split("tc@box:~$ ").length - 1;
  let seen = 0;
  for (const line of [
    "tc-install.sh /dev/vda",
    "read -s -p 'New password: ' it; echo; echo thanks",
    "hunter2",
    "echo 'sudo dmesg -n 3; until sudo mount -r -t iso9660 /dev/sr0 /mnt/sr0' >.X.d/setup.sh",
    "echo 'do sleep 0.1; done 2>/dev/null' >>.X.d/setup.sh",
    "echo 'sh /mnt/sr0/setup.sh' >>.X.d/setup.sh",
    "filetool.sh -b",
    "sudo poweroff",
  ]) {
    const ready = () =>
      line === "hunter2" ? /word: $/.test(readFileSync(files.serialLog, "utf8")) : prompts() > seen;
    await eventually(() => expect(ready()).toBe(true), { timeout: 120_000, interval: 200 });
    seen = prompts();
    const payload = new TextEncoder().encode(`${line}\r`);
    void channel.send(encodeShellMessage({ type: "data", stream: "stdin", payload }));
  }
  using attached = await attach(paths, id);
  for await (const { steps } of await attached.api.recording.watch()) if (steps.length === 9) break;
  await eventually(
    async () => {
      const { exitStatus } = await tinsmith(workshop, ["choose", "package"]);
      expect(exitStatus).toBe(0);
    },
    { timeout: 60_000, interval: 1000 },
  );
  const { exitStatus } = await building;
  expect(exitStatus).toBe(0);
  expect(readFileSync(files.events, "utf8")).toContain('"checkpoint-made"');

  const steps = readFileSync(files.recordedSteps, "utf8");
  expect(steps).toContain("{ type: [ { secret: SECRET_1 } ] }");
  expect(readFileSync(files.recording, "utf8")).not.toContain("hunter2");
  const recipe = join(workshop.imageSet, "recipe.yaml");
  const [others] = readFileSync(recipe, "utf8").split("\ninstall:\n");
  writeFileSync(recipe, `${others}\n${steps}`);
  const dry = await tinsmith(workshop, rebuild("--dry-run", files.recording));
  expect([dry.exitStatus, dry.stdout.toString()]).toEqual([0, expect.not.stringContaining("would")]);

  const again = await tinsmith(workshop, rebuild("--force"), {
    env: { TINSMITH_SECRET_SECRET_1: "hunter2" },
  });
  expect([again.exitStatus, again.stderr]).toEqual([0, expect.anything()]);
  const worker = await tinsmith(workshop, ["rebuild", "worker", "--recipe", workshop.imageSet]);
  expect([worker.exitStatus, worker.stderr]).toEqual([0, expect.anything()]);
});
