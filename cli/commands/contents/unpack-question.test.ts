import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node-pty";
import { expect, onTestFinished, test, vi } from "vitest";
import { compress } from "../../../core/image/compression/compression.ts";
import { inPieces, rawEntry, readAll } from "../../../core/image/test-fixtures.ts";
import { environment, program } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

test.for([
  ["Ctrl-C", "\x03", 130, "interrupted"],
  ["Ctrl-D", "\x04", 2, "Add --yes"],
  ["n", "n\r", 2, "Add --yes"],
] as const)(
  "%s at the question whether to unpack over 1 GiB ends the command",
  async ([, key, exitStatus, said]) => {
    const home = mkdtempSync(join(tmpdir(), "ts-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    // The question comes before the data, which is not there.
    const entries = [rawEntry({ name: "machine.json" }), rawEntry({ name: "disk.img", size: 2 * 1024 ** 3 })];
    writeFileSync(
      join(home, "large.tar.lz4"),
      await readAll(compress(inPieces(Buffer.concat(entries)), "lz4")),
    );
    const terminal = spawn(program, ["search-image", "large.tar.lz4", "text"], {
      cols: 500,
      cwd: home,
      env: environment(home),
    });
    let shown = "";
    terminal.onData((text) => {
      const isAsked = shown.includes("[y/N]");
      shown += text;
      if (!isAsked && shown.includes("[y/N]")) terminal.write(key);
    });
    const ended = await new Promise<number>((resolve) => {
      terminal.onExit(({ exitCode }) => resolve(exitCode));
    });
    expect(shown).toContain(said);
    expect(ended).toBe(exitStatus);
  },
);
