import { expect, test } from "vitest";
import { commandIn, runCommand } from "./process.ts";

test("a command's stdout is returned", async () => {
  expect(await runCommand(["sh", "-c", "echo out; echo err >&2; echo again"])).toBe("out\nagain");
});

test("a command that fails is told with its arguments and last lines", async () => {
  await expect(runCommand(["sh", "-c", "echo why >&2; exit 3"])).rejects.toMatchObject({
    code: "command-failed",
    message: "sh failed with exit status 3",
    details: ["command: sh -c echo why >&2; exit 3", "why"],
  });
});

test("a missing program is told with the Debian package that brings it", async () => {
  await expect(runCommand(["xorriso"], { env: { PATH: "/nowhere" } })).rejects.toMatchObject({
    code: "missing-tool",
    advice: "Install it: on Debian, apt-get install xorriso.",
  });
});

test("an aborted command is ended", async () => {
  const controller = new AbortController();
  const running = runCommand(["sleep", "60"], { signal: controller.signal });
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
});

test("a program with a slash in its name is a file of the folder", () => {
  expect(commandIn("/set", ["./build.sh", "a/b"])).toEqual(["/set/build.sh", "a/b"]);
  expect(commandIn("/set", ["make", "x"])).toEqual(["make", "x"]);
});
