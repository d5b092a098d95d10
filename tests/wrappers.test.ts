import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { exitStatus } from "../cli/support/exit-status.ts";

const project = resolve(import.meta.dirname, "..");

/** A folder with copies of scripts, and with programs that a host could have. */
function makeHost(scripts: readonly string[], programs: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "wrapper-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const script of scripts) cpSync(join(project, script), join(folder, script));
  mkdirSync(join(folder, "bin"));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }
  return folder;
}

const runIn = (folder: string, script: string, path = "/usr/bin:/bin") =>
  execa(join(folder, script), { env: { PATH: `${join(folder, "bin")}:${path}` }, reject: false });

const checkout = ["tinsmith", "rebuild.sh", "scripts/bootstrap.sh"];
const oldNode = { node: "echo v18.0.0", uname: "echo Plan9 mips" };

test.each(["tinsmith", "rebuild.sh"])(
  "%s on a host without a Node that is new enough ends as on one that lacks something",
  async (script) => {
    const { exitCode, stderr } = await runIn(makeHost(checkout, oldNode), script);
    expect(stderr).toContain("error: please install Node");
    expect(exitCode).toBe(exitStatus.host);
  },
);

test("what fails before Node runs is trouble on this host, too, and not a task that failed", async () => {
  const folder = makeHost(checkout, { node: "echo v24.5.0" });
  // Something is in the place where packages are to be installed.
  writeFileSync(join(folder, "node_modules"), "");
  const { exitCode } = await runIn(folder, "tinsmith");
  expect(exitCode).toBe(exitStatus.host);
});

test.each([
  ["without Node", {}],
  ["with an old Node", { node: "echo v24.4.1" }],
])(
  "the Debian package's tinsmith on a host %s ends as on one that lacks something",
  async (_host, programs) => {
    const folder = makeHost(["packaging/deb/tinsmith"], programs);
    const tools = ["sort", "sh"].map((name) => `ln -s "$(command -v ${name})" "${folder}/bin/${name}"`);
    await execa("sh", ["-c", tools.join(" && ")]);
    const { exitCode, stderr } = await runIn(folder, "packaging/deb/tinsmith", "");
    expect(stderr).toContain("tinsmith: Node 24.5 or newer is needed");
    expect(exitCode).toBe(exitStatus.host);
  },
);
