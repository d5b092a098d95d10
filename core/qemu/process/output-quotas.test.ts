import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test, vi } from "vitest";
import { logQuota } from "../../files/logs/log-tail.ts";
import { openSession } from "../../session/serve/session.ts";
import { findPaths } from "../../storage/paths.ts";
import { fakeQemuProgram } from "./test-fake-qemu.ts";
import { startVirtualMachine } from "./virtual-machine.ts";

vi.mock("../../session-record/session-log-quota.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../session-record/session-log-quota.ts")>();
  return { ...original, logQuotas: { ...original.logQuotas, serial: logQuota(800), qemu: logQuota(800) } };
});

test("what a guest prints on its console, and QEMU on its own, is kept up to a quota, which is said once", async () => {
  const home = mkdtempSync(`${tmpdir()}/ts-`);
  const session = openSession(findPaths({ TINSMITH_HOME: home }), "a test");
  onTestFinished(() => {
    session[Symbol.dispose]();
    rmSync(home, { recursive: true });
  });
  const { paths: files, serial } = session;
  const channels = [`id=qmp,path=${files.qmpSocket}`, `id=serial,path=${files.serialSocket}`];
  const notes: string[] = [];
  await using vm = await startVirtualMachine(
    ["env", "FAKE_QEMU=chatty", process.execPath, fakeQemuProgram, ...channels],
    files,
    { serialLog: serial.output, onNote: (text) => notes.push(text) },
  );
  await vm.run();
  expect(await vm.ended).toEqual({ reason: "powered-off" });

  const gap = /\r\n\[Tinsmith left out [\d.]+ (bytes|kB) of this log here: .*\]\r\n/;
  for (const [log, line] of [
    [files.serialLog, "yes\n"],
    [files.qemuLog, "qemu: guest error\n"],
  ] as const) {
    const text = readFileSync(log, "utf8");
    expect(text.length).toBeLessThan(1000);
    expect(text).toMatch(gap);
    expect(text.startsWith(line)).toBe(true);
    expect(text.endsWith(line)).toBe(true);
    expect(notes.filter((note) => note.startsWith(`${log} has grown to 600 bytes`))).toHaveLength(1);
  }
  expect(notes).toHaveLength(2);
  expect(readdirSync(files.folder).filter((name) => /\.\d+$/.test(name))).toEqual([]);
});
