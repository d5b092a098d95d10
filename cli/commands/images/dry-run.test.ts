import { appendFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { formatEvent } from "../../../core/install-recorder/cast/recording-entry.ts";
import { tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

/** An image set with these waits around a line, and a recording of that. */
function newSet(first: string, last: string): { readonly folder: string; readonly recording: string } {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-dry-run-"));
  const install = [{ wait: first }, { type: "root" }, { wait: last }, { wait: "power-off" }];
  writeFileSync(join(folder, "recipe.yaml"), JSON.stringify({ install }));
  const recording = join(folder, "install.cast");
  const events = [
    formatEvent(1, { output: "login: is not possible yet\r\n" }),
    formatEvent(3.14, { output: "box login: " }),
    formatEvent(5, { input: "root\r" }),
    formatEvent(5.1, { output: "root\r\n# " }),
    formatEvent(8, { own: { kind: "off", isPowerOff: true } }),
  ];
  writeFileSync(recording, `{"version":2,"width":80,"height":24}\n${events.join("")}`);
  return { folder, recording };
}

test("a line tells of each step when it matches", async () => {
  const { folder, recording } = newSet("box login:", "# ");
  const args = ["rebuild", "setup", "--recipe", folder, "--dry-run", recording];
  const { exitStatus, stdout } = await tinsmith(folder, args);
  expect(stdout.toString()).toBe(
    [
      "  1  wait box login:  matches at 3.1 s",
      "  2  type root        was recorded at 5.0 s",
      "  3  wait #           matches at 5.1 s",
      "  4  wait power-off   matches at 8.0 s",
      "",
    ].join("\n"),
  );
  expect(exitStatus).toBe(0);
});

test("a line that no wait holds back is marked", async () => {
  const { folder, recording } = newSet("box login:", "# ");
  const install = [{ type: "root" }, { type: "ls" }];
  writeFileSync(join(folder, "recipe.yaml"), JSON.stringify({ install }));
  const args = ["rebuild", "setup", "--recipe", folder, "--dry-run", recording];
  const { exitStatus, stdout } = await tinsmith(folder, args);
  expect(stdout.toString()).toBe(
    [
      "  1  type root  was recorded at 5.0 s; types at once, without waiting",
      "  2  type ls    is not in the recording; types right after step 1, without waiting",
      "",
    ].join("\n"),
  );
  expect(exitStatus).toBe(0);
});

test("steps of a file are checked in place of the recipe's", async () => {
  const { folder, recording } = newSet("login:", "$ ");
  const steps = join(folder, "a.steps.yaml");
  writeFileSync(steps, 'install: [{wait: "box login:"}]');
  const args = ["rebuild", "setup", "--recipe", folder, "--steps", steps, "--dry-run", recording];
  const { exitStatus, stdout } = await tinsmith(folder, args);
  expect(stdout.toString()).toBe("  1  wait box login:  matches at 3.1 s\n");
  expect(exitStatus).toBe(0);
});

test("the command fails when a wait is wrong", async () => {
  const { folder, recording } = newSet("login:", "$ ");
  const args = ["rebuild", "setup", "--recipe", folder, "--dry-run", recording, "--json"];
  const { exitStatus, stdout } = await tinsmith(folder, args);
  expect(
    stdout
      .toString()
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line)),
  ).toMatchObject([
    { type: "dry-step", step: { wait: "login:" }, verdict: { kind: "early", at: 1 }, isWrong: true },
    { step: { type: "root" }, at: 5, isWrong: false },
    { verdict: { kind: "never" }, isWrong: true },
    { isWrong: false },
  ]);
  expect(exitStatus).toBe(1);
});

test("a note tells of damaged lines of the recording", async () => {
  const { folder, recording } = newSet("box login:", "# ");
  appendFileSync(recording, "damaged\n");
  const args = ["rebuild", "setup", "--recipe", folder, "--dry-run", recording];
  const { exitStatus, stderr } = await tinsmith(folder, args);
  expect(stderr).toContain("Line 7 of");
  expect(exitStatus).toBe(0);
});

test.each([
  ["insert", "none.iso"],
  ["region", "none.png"],
])(
  "steps that %s a missing file are refused at once, in a dry run and before an explanation",
  async (kind, name) => {
    const { folder, recording } = newSet("login:", "# ");
    const install = [{ wait: "login:" }, { [kind]: name }];
    writeFileSync(join(folder, "recipe.yaml"), JSON.stringify({ install }));
    for (const how of [["--dry-run", recording], ["--explain"]]) {
      const args = ["rebuild", "setup", "--recipe", folder, ...how];
      const { exitStatus, stdout, stderr } = await tinsmith(folder, args);
      expect(stderr).toContain(`${join(folder, name)} does not exist`);
      expect(stderr).toContain("Check the paths in the recipe's install steps.");
      expect(stdout.toString()).toBe("");
      expect(exitStatus).not.toBe(0);
    }
  },
);

test("only a setup image has install steps", async () => {
  const { folder, recording } = newSet("a", "b");
  const { exitStatus, stderr } = await tinsmith(folder, [
    ...["rebuild", "worker", "--recipe", folder, "--dry-run", recording],
  ]);
  expect(stderr).toContain("--dry-run is for the setup image");
  expect(exitStatus).toBe(2);
});
