import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { AppError } from "../../shared/errors/errors.ts";
import { openSession } from "../session/serve/session.ts";
import { findPaths, type SessionPaths } from "../storage/paths.ts";
import { qemuEvidence, withLastOutput } from "./last-output.ts";

function newSessionFiles(): SessionPaths {
  const home = mkdtempSync(`${tmpdir()}/ts-`);
  const session = openSession(findPaths({ TINSMITH_HOME: home }), "a test");
  onTestFinished(() => {
    session[Symbol.dispose]();
    rmSync(home, { recursive: true });
  });
  return session.paths;
}

const error = (details: readonly string[] = []) =>
  new AppError({ code: "timed-out", message: "the guest took too long", advice: "Wait longer.", details });

test("an error comes with the last lines of QEMU, of the console and of the guest's log, and the last screen", () => {
  const files = newSessionFiles();
  writeFileSync(files.qemuLog, "a warning\n");
  writeFileSync(files.serialLog, `${"booting\r\n".repeat(100)}login: \r\n`);
  writeFileSync(files.taskLog, "setup: started\n");
  writeFileSync(files.screenshot, "a picture");
  writeFileSync(files.screenText, "Kernel panic\n");
  const { code, message, advice, details } = withLastOutput(error(["what is known"]), files);
  expect({ code, message, advice }).toEqual({
    code: "timed-out",
    message: "the guest took too long",
    advice: "Wait longer.",
  });
  expect(details).toEqual([
    "what is known",
    "Last lines of QEMU:",
    "  a warning",
    "Last lines of the serial console:",
    ...Array.from({ length: 14 }, () => "  booting"),
    "  login: ",
    "Last lines of the guest's log:",
    "  setup: started",
    "Last text on the screen:",
    "  Kernel panic",
    `Last screen: ${files.screenshot}`,
    `All logs: ${files.folder}`,
  ]);
});

test("what said nothing is left out, and QEMU's lines are not told twice", () => {
  const files = newSessionFiles();
  writeFileSync(files.qemuLog, "its last words\n");
  const told = qemuEvidence(["its last words"]);
  expect(withLastOutput(error(told), files).details).toEqual([...told, `All logs: ${files.folder}`]);
});
