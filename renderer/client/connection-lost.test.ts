import { expect, test } from "vitest";
import type { Channel } from "../../shared/channel/channel.ts";
import { createClient } from "../../shared/contracts/calls.ts";
import type { AppClient } from "./api-client.ts";
import { connectionLost } from "./connection-lost.ts";

/** A client whose connection is lost while a call waits for its answer. */
function openLosing(): AppClient {
  const takers: (() => void)[] = [];
  let isClosed = false;
  const channel: Channel = {
    send: async () => {
      isClosed = true;
      for (const take of takers) take();
    },
    close: () => {},
    isClosed: () => isClosed,
    onMessage: () => {},
    onClose: (take) => void takers.push(take),
  };
  return createClient(channel, connectionLost);
}

test.each<[string, (client: AppClient) => Promise<unknown>, string]>([
  [
    "a run",
    ({ runs }) => runs.start({ archive: "/a", command: ["true"], keepAlive: false }),
    "The run may have begun",
  ],
  ["a build", ({ builds }) => builds.start({ folder: "/set", image: "setup" }), "The build may have begun"],
  [
    "an installation",
    ({ builds }) => builds.install({ folder: "/set", machine: "/m", size: 1 }),
    "The build may have begun",
  ],
])("%s whose start was not answered may have begun", async (_what, start, advice) => {
  await expect(start(openLosing())).rejects.toMatchObject({
    code: "interrupted",
    advice: `Tinsmith reconnects by itself. ${advice}: look in Sessions.`,
  });
});

test("what starts nothing can be tried again", async () => {
  await expect(openLosing().about()).rejects.toMatchObject({
    advice: "Tinsmith reconnects by itself. Then try again.",
  });
});
