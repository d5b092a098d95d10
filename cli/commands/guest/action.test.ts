import { expect, onTestFinished, test, vi } from "vitest";
import { startTestGuest } from "../../support/test-guest.ts";
import { startMeta, tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

test("an action is sent as it is written, from an argument or stdin, and its reply is printed", async () => {
  const meta = await startMeta("--keep-alive");
  const guest = startTestGuest(
    { socketPath: meta.socketPath },
    { files: { "/tmp/a": "content" }, shell: async () => true },
  );
  onTestFinished(async () => {
    await guest[Symbol.asyncDispose]();
    await meta[Symbol.asyncDispose]();
  });
  const action = { path: "/tmp/a", command: [], tty: false };
  const listing = JSON.stringify({ ...action, type: "list-folder", path: "/tmp" });
  const listed = await tinsmith(meta.home, ["action", "--include", listing]);
  const [head = "", body = ""] = listed.stdout.toString().split("\n\n");
  expect(head.split("\n")).toEqual(expect.arrayContaining(["POST", "Content-Type: application/json"]));
  expect(JSON.parse(body)).toEqual({ files: ["/tmp/a"], notFound: false });
  const copying = JSON.stringify({ ...action, type: "get-artifact" });
  const copied = await tinsmith(meta.home, ["action"], copying);
  expect([copied.exitStatus, copied.stdout.toString()]).toEqual([0, "content"]);
  expect(guest.asked).toEqual(["list-folder /tmp", "get-artifact /tmp/a"]);
});
