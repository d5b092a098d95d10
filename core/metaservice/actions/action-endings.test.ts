import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { beginReply, connectShell, poll, untilTimers } from "../service/test-guest.ts";
import {
  errorCodeIn,
  makeTestFolder,
  send,
  startTestService,
  type TestService,
  until,
  watchTimers,
} from "../service/test-service.ts";

interface Begun {
  readonly service: TestService;
  /** The action under way; rejected in the end. */
  readonly action: Promise<unknown>;
}

/** Each moment at which an action can be ended: brings one there. */
const moments: Record<string, (service: TestService, signal: AbortSignal, folder: string) => Promise<Begun>> =
  {
    "no poll has taken it": async (service, signal) => ({
      service,
      action: service.service.actions.listFolder("/tmp", { signal }),
    }),
    "it was taken": async (service, signal) => {
      const action = service.service.actions.killProcess({ signal });
      await poll(service);
      return { service, action };
    },
    "its reply has begun": async (service, signal) => {
      const action = service.service.actions.listFolder("/tmp", { signal });
      await beginReply(service, (await poll(service)).id, "{");
      return { service, action };
    },
    "a file is coming": async (service, signal, folder) => {
      const onProgress = vi.fn();
      const action = service.service.actions.getArtifact("/a", join(folder, "a"), { signal, onProgress });
      await beginReply(service, (await poll(service)).id, "some bytes");
      await until(() => onProgress.mock.lastCall?.[0].bytes === 10);
      return { service, action };
    },
    "a shell was asked for": async (service, signal) => {
      const action = service.service.actions.openShell(
        { command: [], tty: true },
        { signal, receive: () => {} },
      );
      await poll(service);
      return { service, action };
    },
    "a shell is open": async (service, signal) => {
      const opened = service.service.actions.openShell(
        { command: [], tty: true },
        { signal, receive: () => {} },
      );
      const { socket } = await connectShell(service, (await poll(service)).id);
      const { ended } = await opened;
      // Not even an answer to the closing handshake.
      socket.pause();
      return { service, action: ended };
    },
  };

const ends: Record<string, { end: (begun: Begun, abort: AbortController) => void; error: object }> = {
  "is cancelled": {
    end: (_begun, abort) => abort.abort(new Error("enough")),
    error: { message: "enough" },
  },
  "is under way while the service closes": {
    end: ({ service }) => void service.service.close(),
    error: {
      code: expect.stringMatching(/^guest-(no-answer|action-failed)$/),
      message: expect.stringContaining("was not done"),
    },
  },
};

const cases = Object.keys(moments).flatMap((moment) =>
  Object.keys(ends).map((end) => [end, moment] as const),
);

test.each(cases)("an action that %s when %s leaves nothing behind", async (endName, momentName) => {
  watchTimers();
  const folder = await makeTestFolder();
  const abort = new AbortController();
  const service = await startTestService();
  const begun = await moments[momentName]?.(service, abort.signal, folder);
  const end = ends[endName];
  if (!begun || !end) throw new Error("no such case");
  const rejected = expect(begun.action).rejects.toMatchObject(end.error);
  end.end(begun, abort);
  await passTime(begun.action, 3000);
  await rejected;
  expect(service.events.at(-1)).toMatchObject({ type: "action-ended", error: expect.anything() });
  expect(getEventListeners(abort.signal, "abort")).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  await service.service.close();
  await untilTimers(0);
});

/** Advances the clock until an action has ended, which must be within this many milliseconds. */
async function passTime(action: Promise<unknown>, milliseconds: number): Promise<void> {
  let over = false;
  const done = () => {
    over = true;
  };
  action.then(done, done);
  for (let passed = 0; !over && passed <= milliseconds; passed += 100) {
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    vi.advanceTimersByTime(100);
  }
}

test("a signal that has aborted already begins no action", async () => {
  const service = await startTestService();
  const signal = AbortSignal.abort(new Error("too late"));
  await expect(service.service.actions.listFolder("/", { signal })).rejects.toThrow("too late");
  await expect(service.service.actions.getArtifact("/a", "/b", { signal })).rejects.toThrow("too late");
  expect(service.events).toEqual([]);
});

test("the reply to a cancelled action is refused", async () => {
  const service = await startTestService();
  const abort = new AbortController();
  const listed = service.service.actions.listFolder("/", { signal: abort.signal });
  const { id } = await poll(service);
  abort.abort();
  await expect(listed).rejects.toThrow("aborted");
  expect(errorCodeIn((await send(service, "POST", `reply?id=${id}`)).body)).toBe("UnknownActionId");
  expect(service.events.at(-1)).toMatchObject({ error: { code: "interrupted" } });
});
