import { getEventListeners } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { ExchangeEvent } from "../../../shared/guest/exchange.ts";
import { type GuestActionType, guestActionTypes } from "../../../shared/guest/guest-protocol.ts";
import { startGuestClock } from "../../time/guest-clock.ts";
import type { GuestActions } from "../actions/guest-actions.ts";
import { createExchangeRecorder } from "../record/exchange-recorder.ts";
import { startMetaService } from "./meta-service.ts";
import { createUnrulyGuest, type ReplyManner } from "./test-misbehaving-guest.ts";
import { countOpenPipes, task, watchTimers } from "./test-service.ts";

type Happening =
  | { readonly what: "start"; readonly kind: GuestActionType }
  | { readonly what: "reply"; readonly pick: number; readonly manner: ReplyManner }
  | { readonly what: "finishReply" | "exitShell" | "disconnect"; readonly pick: number }
  | { readonly what: "cancel"; readonly pick: number }
  | { readonly what: "pass"; readonly milliseconds: number }
  | { readonly what: "poll" }
  | { readonly what: "close" };

const pick = fc.nat(4);
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    {
      weight: 25,
      arbitrary: fc.record({ what: fc.constant("start"), kind: fc.constantFrom(...guestActionTypes) }),
    },
    { weight: 30, arbitrary: fc.record({ what: fc.constant("poll") }) },
    {
      weight: 35,
      arbitrary: fc.record({
        what: fc.constant("reply"),
        pick,
        manner: fc.constantFrom<ReplyManner>(
          "right",
          "right",
          "right",
          "begin",
          "begin",
          "garbage",
          "wrong method",
        ),
      }),
    },
    {
      weight: 35,
      arbitrary: fc.record({
        what: fc.constantFrom("finishReply", "exitShell", "cancel", "disconnect"),
        pick,
      }),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        what: fc.constant("pass"),
        milliseconds: fc.constantFrom(10, 10, 1000, 15_000, 30_000, 60_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ what: fc.constant("close") }) },
  ),
  { maxLength: 40, size: "max" },
);

test("whatever happens in whatever order, each action has one outcome, and nothing is left of it", async () => {
  watchTimers();
  await fc.assert(
    fc.asyncProperty(happenings, async (script) => {
      expect(await play(script)).toEqual([]);
    }),
    { numRuns: 150 },
  );
}, 60_000);

/** Lets all of it happen, then the guest's death, and time pass. @returns the problems afterwards */
async function play(script: readonly Happening[]): Promise<string[]> {
  const pipes = countOpenPipes();
  const folder = await mkdtemp(join(tmpdir(), "meta-"));
  const socketPath = join(folder, "meta.sock");
  const events: string[] = [];
  const onAction = ({ type, action }: { type: string; action: number }) => events.push(`${type} ${action}`);
  const exchanges: ExchangeEvent[] = [];
  const recorder = createExchangeRecorder({ report: (event) => exchanges.push(event), folder });
  const service = await startMetaService({
    clock: startGuestClock(),
    socketPath,
    task,
    log: () => {},
    onAction,
    recorder,
  });
  const guest = createUnrulyGuest(socketPath);
  const started: Started[] = [];

  for (const happening of script) {
    if (happening.what === "start") {
      const target = join(folder, `artifact-${started.length}`);
      started.push(start(service.actions, happening.kind, target));
    } else if (happening.what === "poll") guest.poll();
    else if (happening.what === "reply") guest.reply(happening.pick, happening.manner);
    else if (happening.what === "close") void service.close();
    else if (happening.what === "pass") vi.advanceTimersByTime(happening.milliseconds);
    else if (happening.what === "cancel") started.at(-1 - happening.pick)?.cancel();
    else guest[happening.what](happening.pick);
    await turns();
  }
  // The time of an action begins with the guest's first request.
  guest.poll();
  await turns();
  await guest.die();
  const wrong: string[] = [];
  const check = async (complaint: string, holds: () => boolean | Promise<boolean>) => {
    if (!(await comesTrue(holds))) wrong.push(complaint);
  };
  await check("an action has no outcome", async () => {
    vi.advanceTimersByTime(1000);
    await turns();
    return started.every(({ outcome }) => outcome());
  });
  await check("a listener is left", () => started.every(({ listeners }) => listeners() === 0));
  await check("an event does not come as often as it should", () => eventsAddUp(events));
  await service.close();
  await check("an exchange has not ended once", () => allEnded(exchanges));
  await recorder.close();
  const done = started.filter(({ kind, outcome }) => kind === "get-artifact" && outcome() === "done");
  await check("files are left", async () => (await readdir(folder)).length === done.length);
  await check("timers are left", () => vi.getTimerCount() === 0);
  await check("connections are left", () => countOpenPipes() <= pipes);
  await rm(folder, { recursive: true });
  return wrong;
}

interface Started {
  readonly kind: GuestActionType;
  readonly cancel: () => void;
  readonly outcome: () => "done" | "failed" | undefined;
  /** Counts who listens for the cancellation. */
  readonly listeners: () => number;
}

function start(actions: GuestActions, kind: GuestActionType, target: string): Started {
  const abort = new AbortController();
  const { signal } = abort;
  let outcome: ReturnType<Started["outcome"]>;
  perform(actions, kind, target, signal).then(
    () => {
      outcome = "done";
    },
    () => {
      outcome = "failed";
    },
  );
  return {
    kind,
    cancel: () => abort.abort(new Error("enough")),
    outcome: () => outcome,
    listeners: () => getEventListeners(signal, "abort").length,
  };
}

async function perform(actions: GuestActions, kind: GuestActionType, target: string, signal: AbortSignal) {
  if (kind === "list-folder") await actions.listFolder("/", { signal });
  else if (kind === "get-artifact") await actions.getArtifact("/a", target, { signal });
  else if (kind === "kill-process") await actions.killProcess({ signal });
  else await (await actions.openShell({ command: [], tty: true }, { signal, receive: () => {} })).ended;
}

/** Whether each action that was asked for has ended once, after three tries at most. */
function eventsAddUp(events: readonly string[]): boolean {
  const count = (event: string) => events.filter((other) => other === event).length;
  return events.every((event) => {
    const number = event.split(" ")[1];
    const [asked, taken, over] = ["requested", "taken", "ended"].map((what) =>
      count(`action-${what} ${number}`),
    );
    return asked === 1 && over === 1 && Number(taken) <= 3;
  });
}

/** Whether each exchange that has started has ended once. */
function allEnded(exchanges: readonly ExchangeEvent[]): boolean {
  const numbers = (type: ExchangeEvent["type"]) =>
    exchanges.filter((event) => event.type === type).map(({ exchange }) => exchange);
  return isDeepStrictEqual(
    numbers("exchange-started"),
    numbers("exchange-ended").toSorted((a, b) => a - b),
  );
}

/** Gives what happens time to happen. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await setImmediate();
}

/** Whether a condition comes to hold within some seconds of real time. */
async function comesTrue(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = process.hrtime.bigint() + 3_000_000_000n;
  while (!(await condition())) {
    if (process.hrtime.bigint() > deadline) return false;
    await setImmediate();
  }
  return true;
}
