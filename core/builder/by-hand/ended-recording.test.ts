import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { formatEvent } from "../../install-recorder/cast/recording-entry.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { sessionPaths } from "../../storage/paths.ts";
import { endedRecording } from "./ended-recording.ts";

/** The files of a session whose process was killed while it wrote what the guest showed last. */
function killedSession() {
  const files = sessionPaths(newHome(), "20200101-000000-0000");
  makePrivateFolder(files.folder);
  const text = [
    `${JSON.stringify({ version: 2, width: 80, height: 24, timestamp: 1_000 })}\n`,
    formatEvent(1, { output: "box login: " }),
    formatEvent(3, { own: { kind: "typed", at: 2, epoch: 1_002_000 } }),
    formatEvent(3, { input: "root\r" }),
    formatEvent(4, { output: "root\r\nbox:~# " }).slice(0, -4),
  ].join("");
  writeFileSync(files.recording, text);
  return files;
}

test("a session whose process was killed offers the steps that it had recorded, and saves them", async () => {
  const files = killedSession();
  const recording = endedRecording(files);
  const stop = new AbortController();
  const shown = recording?.watch(stop.signal);
  const { value } = (await shown?.next()) ?? {};
  expect(value?.steps.flatMap(({ steps }) => steps)).toEqual([{ wait: "login:" }, { type: "root" }]);
  const rest = shown?.next();
  stop.abort();
  expect((await rest)?.done).toBe(true);

  const target = join(mkdtempSync(join(tmpdir(), "tinsmith-ended-")), "recorded.steps.yaml");
  await recording?.save(target);
  expect(readFileSync(target, "utf8")).toBe(
    'console: serial\ninstall:\n  - { wait: "login:" }\n  - { type: root }\n',
  );
  await expect(recording?.save(target)).rejects.toMatchObject({ code: "file-exists" });
  expect(() => recording?.change({ kind: "remove", step: "1" })).toThrow("the session has ended");
});

test("a session that has recorded nothing offers no steps; a file that is no recording is refused by its name", async () => {
  const files = killedSession();
  writeFileSync(files.recording, "hello");
  const steps = endedRecording(files)?.watch(new AbortController().signal);
  await expect(steps?.next()).rejects.toThrow("install.cast is not a recording of an installation");
  rmSync(files.recording);
  expect(endedRecording(files)).toBeUndefined();
});
