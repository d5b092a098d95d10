import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeUnknownNames, howToFetchUnknown } from "./unknown-name.ts";

test("the way round a name that is not UTF-8 is a command that copies the file", () => {
  const folder = mkdtempSync(join(tmpdir(), "it's "));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "sub folder"));
  const bytes = Buffer.from(join(folder, "sub folder/caf\xe9\xff.txt"), "latin1");
  writeFileSync(bytes, "its content");
  const [, command = ""] = /: (cp .*) \/tmp\/copy\./.exec(howToFetchUnknown(bytes.toString())) ?? [];
  execFileSync("sh", ["-c", `${command} copy`], { cwd: folder });
  expect(readFileSync(join(folder, "copy"), "utf8")).toBe("its content");
});

test("a list with names that are not UTF-8 says so, and any other does not", () => {
  expect(describeUnknownNames(["/a", "/é"])).toBeUndefined();
  expect(describeUnknownNames(["/a", "/x\ufffd"])).toMatch(/^1 name is not UTF-8.* cp \/x\* \/tmp\/copy/);
  expect(describeUnknownNames(["/y\ufffd", "/x\ufffd"])).toMatch(/^2 names are not UTF-8/);
});
