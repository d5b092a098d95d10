import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

test("a file that its owner was started with is not handed on", async () => {
  const subject = join(import.meta.dirname, "qemu-process.ts");
  const list = `
    import { startQemuProcess } from ${JSON.stringify(subject)};
    const { lastLines } = startQemuProcess(["ls", "-l", "/proc/self/fd"], "/dev/null");
    console.log((await lastLines).join("\\n"));`;
  const owner = [process.execPath, "--input-type=module", "-e", list];
  const { stdout } = await execa("bash", ["-c", 'exec 25<"$1"; shift; exec "$@"', "bash", subject, ...owner]);
  expect(stdout).toContain("/dev/null");
  expect(stdout).not.toContain(subject);
});
