import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { chosenRebuild, chosenRun } from "./chosen-plans.ts";

function makeSet(rules: string) {
  const folder = mkdtempSync(join(tmpdir(), "set-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "rules.yaml"), rules);
  const archive = join(folder, "worker.tar.lz4");
  const run = { archive, command: ["true"], env: {}, keepAlive: true };
  return { folder, run, rebuild: { folder, image: "worker" as const } };
}

const settings = { keepFailed: true };

test("a set's rules apply to a session only if a person wants that", async () => {
  const { run, rebuild } = makeSet("seed: 7\nrules: [{name: a, steps: [{hold: true}]}]\n");
  expect((await chosenRun({ ...run, withRules: false })).rules).toBeUndefined();
  expect(chosenRebuild({ ...rebuild, withRules: false, force: true }, settings)).toMatchObject({
    keepFailed: true,
    force: true,
  });
  const rules = { seed: 7, rules: [{ name: "a", times: 1 }], waitForWindow: false, letVmRun: false };
  expect(await chosenRun({ ...run, withRules: true })).toMatchObject({ kind: "run", rules });
  expect(chosenRebuild({ ...rebuild, withRules: true, force: false }, settings)).toMatchObject({
    kind: "rebuild",
    rules,
  });
});

test("invalid rules are refused before there is a session", async () => {
  const { run } = makeSet("rules: [{name: a}]\n");
  await expect(chosenRun({ ...run, withRules: true })).rejects.toThrow("has invalid rules");
});

test("a run's forwarded ports and the file of its packets are in its plan; a file that exists is refused", async () => {
  const { folder, run } = makeSet("rules: []\n");
  const forward = [{ host: 2222, guest: 22 }];
  const pcap = join(folder, "network.pcap");
  const choices = { ...run, withRules: false, forward, pcap };
  expect(await chosenRun(choices)).toMatchObject({ forward, pcap, warm: "if-saved" });
  expect(await chosenRun({ ...choices, boots: true })).toMatchObject({ warm: "never" });
  writeFileSync(pcap, "");
  await expect(chosenRun(choices)).rejects.toMatchObject({ code: "file-exists", field: "pcap" });
});
