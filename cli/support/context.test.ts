import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

/** Starts a command that does this work. It says on stderr that the work is done, and then does not end by itself. */
function startCommand(work: string): ChildProcessWithoutNullStreams {
  const script = `
    import { runToExit } from ${JSON.stringify(join(import.meta.dirname, "context.ts"))};
    await runToExit(async () => { ${work} });
    process.stderr.write("done");
    process.stdin.resume();`;
  const options = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script];
  const child = spawn(process.execPath, options);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "a %s that comes when the work is done leaves its exit status as it is",
  async (signal) => {
    const child = startCommand("return 3;");
    await once(child.stderr, "data");
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([3, null]);
  },
);

test("a signal that comes while nobody takes what is left of the output ends the command with its own status", async () => {
  const child = startCommand('process.stdout.write("x".repeat(3_000_000)); return 0;');
  await once(child.stderr, "data");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([143, null]);
});
