import { once } from "node:events";
import { dirname } from "node:path";
import { expect, test, vi } from "vitest";
import { newHome, openTestSession } from "../../../core/session/serve/test-session.ts";
import type { MachineControl } from "../../../core/vm/machine-control.ts";
import type { FolderListing } from "../../../shared/guest/guest-protocol.ts";
import type { VirtualMachineState } from "../../../shared/session/virtual-machine.ts";
import { outcomeOf, startTinsmith, tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

/** A session whose virtual machine is in that state, and whose guest answers when the test says so. */
async function start(status: "running" | "paused" | "waiting") {
  const paths = newHome();
  const listing = Promise.withResolvers<FolderListing>();
  const session = await openTestSession(paths, { listFolder: () => listing.promise });
  const watch = async function* (signal: AbortSignal): AsyncGenerator<VirtualMachineState, void, void> {
    yield { status };
    await once(signal, "abort");
  };
  session.machine.provide({ watch } as unknown as MachineControl);
  return { home: dirname(paths.sessions), answer: () => listing.resolve({ files: ["/a"], notFound: false }) };
}

test.each([
  [
    "paused",
    "note: The virtual machine is paused. This command waits until tinsmith power resume.\n",
    / {2}\(paused\)\n$/,
  ],
  [
    "waiting",
    "note: The virtual machine waits for space on the host's disk, and this command waits for it.\n",
    / {2}\(waiting for space on the host\)\n$/,
  ],
] as const)(
  "of a machine that is %s, what waits for its guest says so at once, and sessions too",
  async (status, note, shown) => {
    const { home, answer } = await start(status);
    const ls = startTinsmith(home, ["ls", "/"]);
    const outcome = outcomeOf(ls);
    const [said] = await Promise.race([once(ls.stderr, "data"), outcome.then(({ stderr }) => [stderr])]);
    expect(String(said)).toBe(note);
    answer();
    expect(await outcome).toMatchObject({ exitStatus: 0, stderr: note });
    expect((await tinsmith(home, ["sessions"])).stdout.toString()).toMatch(shown);
    const listed = JSON.parse((await tinsmith(home, ["sessions", "--json"])).stdout.toString());
    expect(listed).toMatchObject([{ isAnswering: true, virtualMachine: status }]);
  },
);

test("of a machine that runs, nothing is said", async () => {
  const { home, answer } = await start("running");
  answer();
  expect(await tinsmith(home, ["ls", "/"])).toMatchObject({ exitStatus: 0, stderr: "" });
  expect((await tinsmith(home, ["sessions"])).stdout.toString()).toMatch(/ a test\n$/);
});
