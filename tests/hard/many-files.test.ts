import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawEntry, rawTar } from "../../core/image/test-fixtures.ts";

/** Some take long, and run only in the part `fuzz` of test.sh. */
const runsAll = process.env.TINSMITH_HOSTILE === "all";

/** MiB: an image may not take more, however many files it has. */
const mostMemory = 500;
const files = 300_000;

const folder = mkdtempSync(join(tmpdir(), "many-files-"));
afterAll(() => rmSync(folder, { recursive: true }));
const [one, other, strange] = [
  join(folder, "one.tgz"),
  join(folder, "other.tgz"),
  join(folder, "strange.tgz"),
];

/** An archive of files with names of 60 characters, of which one in ten has that content. */
function makeArchive(path: string, content: string, rest = "-a-long-name"): void {
  const entries = Array.from({ length: files }, (_, index) =>
    rawEntry({ name: `${index}`.padEnd(60, rest), content: index % 10 === 0 ? content : "x" }),
  );
  writeFileSync(path, gzipSync(rawTar(Buffer.concat(entries)), { level: 1 }));
}

beforeAll(() => {
  makeArchive(one, "one");
  makeArchive(other, "other");
  if (runsAll) makeArchive(strange, "one", "-other-name");
}, 60_000);

const commands = [
  { args: ["ls-image", "-R", one], status: 0, lines: files },
  { args: ["diff", one, other], status: 1, lines: files / 10 },
];
const moreCommands = [
  { args: ["ls-image", one], status: 0, lines: files },
  { args: ["search-image", one, "needle"], status: 1, lines: 0 },
  { args: ["search-image", one, "--content", "needle"], status: 1, lines: 0 },
  { args: ["diff", one, one], status: 0, lines: 0 },
  // Refused: they have no name in common.
  { args: ["diff", one, strange], status: 2, lines: 0 },
];

test.each([...commands, ...(runsAll ? moreCommands : [])])(
  "$args of 300,000 files takes little memory",
  { timeout: 300_000 },
  async ({ args, status, lines }) => {
    const preload = join(import.meta.dirname, "hostile/tell-peak.ts");
    const main = join(import.meta.dirname, "../../cli/main.ts");
    let printed = 0;
    const command = execa(process.execPath, ["--import", preload, main, ...args], {
      reject: false,
      buffer: { stdout: false },
      env: { TINSMITH_HOME: join(folder, "home") },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    command.stdout?.on("data", (bytes: Buffer) => {
      for (const byte of bytes) if (byte === 0x0a) printed++;
    });
    const { exitCode, stdio } = await command;
    expect({ exitCode, printed }).toEqual({ exitCode: status, printed: lines });
    expect(Number(stdio[3])).toBeGreaterThan(0);
    expect(Number(stdio[3])).toBeLessThan(mostMemory);
  },
);
