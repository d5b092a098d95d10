import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";

const tinsmith = join(import.meta.dirname, "../../tinsmith");

test("the doctor says the same as text and as JSON, each finding marked by how bad it is", async () => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const options = { env: { TINSMITH_HOME: home }, reject: false } as const;
  const text = await execa(tinsmith, ["doctor"], options);
  const json = await execa(tinsmith, ["doctor", "--json"], options);
  const findings: { subject: string; ok: boolean; advice?: string }[] = JSON.parse(json.stdout);
  const marks = findings.map(({ subject, ok, advice }) => `${ok ? (advice ? "!" : "✓") : "✗"} ${subject} `);
  const lines = text.stdout.split("\n").filter((line) => !line.startsWith(" "));
  expect(lines.map((line, index) => line.startsWith(marks[index] ?? "nothing"))).toEqual(
    marks.map(() => true),
  );
  expect(text.exitCode).toBe(findings.every(({ ok }) => ok) ? 0 : 5);
}, 30_000);
