import { createHash, randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { attach } from "../../../core/session/client/attach.ts";
import { webSocketChannel } from "../../../core/session/serve/web-socket-channel.ts";
import { findSessions } from "../../../core/session-record/find-sessions.ts";
import { findPaths, sessionPaths } from "../../../core/storage/paths.ts";
import { consoleChannelPath, listenToBytes } from "../../../shared/channel/byte-channel.ts";
import { createShellClient } from "../../../shared/guest/shell-client.ts";
import { eventually } from "../../eventually.ts";
import { makeWorkshop, tinsmith, type Workshop } from "../tinsmith.ts";

/** A workshop in which a worker image can't be built: its setup powers the guest off at once. */
function makeFailingWorkshop(): Workshop {
  const workshop = makeWorkshop();
  onTestFinished(() => rmSync(workshop.folder, { recursive: true }));
  copyFileSync(inject("workshop").setupImage, workshop.setupImage);
  writeFileSync(join(workshop.folder, "images/tinycore/setup.sh"), "#!/bin/sh\nsudo poweroff\n");
  return workshop;
}

/** Types into a session's serial console, as the window does. */
async function type(apiSocket: string, bytes: Uint8Array): Promise<void> {
  const channel = webSocketChannel(new WebSocket(`ws+unix:${apiSocket}:${consoleChannelPath}`));
  const opened = Promise.withResolvers<void>();
  const client = createShellClient({
    send: (message) => void channel.send(message),
    onOutput: (_stream, _bytes, consumed) => consumed(),
  });
  listenToBytes(channel, {
    onBytes: client.receive,
    onNote: () => opened.resolve(),
    onClose: () => client.disconnected(new Error("closed")),
  });
  await opened.promise;
  await client.write(bytes);
  channel.close();
}

const line = (text: string) => new TextEncoder().encode(`${text}\r`);

test("a failed build's guest is kept for a person to type into, and give files; a retry goes on with what was made", async () => {
  const workshop = makeFailingWorkshop();
  const rebuild = ["rebuild", "worker", "--recipe", workshop.imageSet];
  const isKept = Promise.withResolvers<void>();
  let end = (_signal: NodeJS.Signals) => {};
  const failing = tinsmith(workshop, [...rebuild, "--keep-failed"], {
    onStderr: (text, interrupt) => {
      end = interrupt;
      if (text.includes("The guest is started again without its CDs")) isKept.resolve();
    },
  });
  await Promise.race([isKept.promise, failing.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  const paths = findPaths({ XDG_STATE_HOME: workshop.folder, XDG_RUNTIME_DIR: workshop.folder });
  const [session] = await findSessions(paths);
  if (!session) throw new Error("the build is no session that can be found");
  const files = sessionPaths(paths, session.id);
  const printed = () => readFileSync(files.serialLog, "utf8");
  // The prompt of the setup's boot, and of the one after it.
  await eventually(() => expect(printed().split("tc@box:~$ ").length).toBeGreaterThan(2), {
    timeout: 120_000,
  });
  await type(files.apiSocket, line("echo typed-$((6*7))"));
  await eventually(() => expect(printed()).toContain("typed-42"));

  // The files of a person reach a guest without guest tools on a data CD.
  const dropped = join(workshop.folder, "dropped");
  mkdirSync(join(dropped, "deep"), { recursive: true });
  writeFileSync(join(dropped, "deep/ünï"), "in a folder-42");
  using attached = await attach(paths);
  await attached.api.machine.insertFiles({ paths: [dropped] });
  // The guest waits for a data CD, too, and may be the first to mount this one.
  const mount = "until ls /mnt/sr0/dropped || sudo mount /dev/sr0; do sleep 0.2; done 2>/dev/null";
  await type(files.apiSocket, line(`${mount}; cat /mnt/sr0/dropped/deep/*; sudo umount /dev/sr0`));
  await eventually(() => expect(printed()).toContain("in a folder-42"), { timeout: 60_000 });

  // A paste of bytes that are not text arrives whole, even if the guest reads it slowly.
  const pasted = randomBytes(150_000);
  const read = `stty raw -echo; echo ready-$((6*7)); head -c ${pasted.length} | md5sum; stty sane`;
  await type(files.apiSocket, line(read));
  await eventually(() => expect(printed()).toContain("ready-42"));
  await type(files.apiSocket, pasted);
  const digest = createHash("md5").update(pasted).digest("hex");
  await eventually(() => expect(printed()).toContain(digest), { timeout: 60_000 });
  end("SIGINT");
  const { exitStatus, stderr } = await failing;
  expect(exitStatus).toBe(1);
  expect(stderr).toContain('error: the guest powered off, but its log has no line with "setup: done"');
  expect(stderr).not.toContain("typed-42");
  expect(readFileSync(files.hostLog, "utf8")).toContain("$ xorriso -as mkisofs");
  expect(existsSync(join(files.keptWork, "data-cd.iso"))).toBe(true);

  const retry = await tinsmith(workshop, [...rebuild, "--retry", session.id]);
  expect(retry.exitStatus).toBe(1);
  for (const step of ["Guest tools", "Data CD"])
    expect(retry.stderr).toContain(`${step}: reused from an earlier build`);
  // The guest ends before its first sign of life, so it fails in the step before.
  expect(retry.stderr).toMatch(/^Disk: \d/m);
});
