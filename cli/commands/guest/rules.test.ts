import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startTestGuest } from "../../support/test-guest.ts";
import { startMeta, tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

/** A MetaService with guest tools; both end with the test. */
async function start() {
  const meta = await startMeta("--keep-alive");
  const guest = startTestGuest({ socketPath: meta.socketPath }, { files: {}, shell: async () => true });
  onTestFinished(async () => {
    await guest[Symbol.asyncDispose]();
    await meta[Symbol.asyncDispose]();
  });
  const rulesFile = (text: string) => {
    const file = join(meta.home, "rules.yaml");
    writeFileSync(file, text);
    return file;
  };
  return { meta, guest, rulesFile };
}

const refuseOnce = "{name: refused, when: {endpoint: success}, steps: [{answer: {status: 503}}]}";

test("rules are added to a running session, listed with their use, and removed; the result names them", async () => {
  const { meta, guest, rulesFile } = await start();
  expect((await tinsmith(meta.home, ["rules", "list"])).stdout.toString()).toBe(
    "The session has no rules.\n",
  );
  const file = rulesFile(
    `rules: [${refuseOnce}, {name: never, steps: [{drop: true}], when: {method: PATCH}}]`,
  );
  expect((await tinsmith(meta.home, ["rules", "add", file])).exitStatus).toBe(0);
  await guest.finish("success");
  expect((await tinsmith(meta.home, ["rules", "list"])).stdout.toString()).toBe(
    "refused: request to success: answer 503 (applied to 1 message, used up)\n" +
      "never: PATCH request to any endpoint: drop (not applied yet, armed for 1 message)\n",
  );
  expect((await tinsmith(meta.home, ["rules", "remove", "never", "nosuch"])).stderr).toContain(
    'the session has no rule "nosuch"',
  );
  expect((await tinsmith(meta.home, ["rules", "remove", "never"])).exitStatus).toBe(0);
  expect((await tinsmith(meta.home, ["rules", "remove", "never"])).stderr).toContain(
    'the session has no rule "never"',
  );
  await guest.finish("success");
  const { stderr } = await meta.interrupt();
  expect(stderr).toContain("Rules were active: refused (1 message), never (never applied).");
});

test("a file with invalid rules is refused with all that is wrong, and nothing is added", async () => {
  const { meta, rulesFile } = await start();
  const file = rulesFile("rules: [{name: a, steps: [{drp: true}]}, {name: b}]");
  const { exitStatus, stderr } = await tinsmith(meta.home, ["rules", "add", file]);
  expect(exitStatus).toBe(2);
  expect(stderr).toContain(`${file} has invalid rules`);
  expect(stderr).toContain("did you mean drop?");
  expect(stderr).toContain("rules.1.steps is missing");
  expect((await tinsmith(meta.home, ["rules", "list"])).stdout.toString()).toBe(
    "The session has no rules.\n",
  );
});
