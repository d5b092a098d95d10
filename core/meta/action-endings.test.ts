import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { beginReply, connectShell, poll, untilTimers } from "./test-guest.ts";
import {
  countOpenPipes,
  errorCodeIn,
  makeTestFolder,
  send,
  startTestService,
  type TestService,
  until,
  watchTimers,
} from "./test-service.ts";

interface Begun {
  readonly service: TestService;
  /** The action under way; rejected in the end. */
  readonly action: Promise<unknown>;
}

/** Each moment at which an action can be ended: brings one there. */
const moments: Record<string, (service: TestService, signal: AbortSignal, folder: string) => Promise<Begun>> = {
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
    const action = service.service.actions.openShell({ command: [], tty: true }, { signal, receive: () => {} });
    await poll(service);
    return { service, action };
  },
  "a shell is open": async (service, signal) => {
    const opened = service.service.actions.openShell({ command: [], tty: true }, { signal, receive: () => {} });
    const { socket } = await connectShell(service, (await poll(service)).id);
    const { ended } = await opened;
    // Not even an answer to the closing handshake.
    socket.pause();
    return { service, action: ended };
  },
};

const ends: Record<string, { end: (begun: Begun, abort: AbortController) => void; error: object }> = {
  "is cancelled": {
    end: (_begun, abort) => {
      abort.abort(new Error("enough"));
      // The grace of a shell, and then the time for its connection to close.
      void untilTimers(2).then(() => vi.advanceTimersByTime(1000));
      void untilTimers(2).then(() => vi.advanceTimersByTime(3000));
    },
    error: { message: "enough" },
  },
  "is under way while the service closes": {
    end: ({ service }) => void service.service.close(),
    error: { code: expect.stringMatching(/^guest-(no-answer|action-failed)$/), message: expect.stringContaining("was not done") },
  },
};
