import { implement } from "@orpc/server";
import { sessionContract } from "../../../shared/contracts/session-contract.ts";
import type { OffChoice } from "../../../shared/session/build.ts";
import type { SessionAnswer } from "../../../shared/session/session-description.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import type { StopRequest } from "../../async/process-end.ts";
import { withProgress } from "../../async/with-progress.ts";
import { setGuestClock } from "../../vm/set-guest-clock.ts";
import type { KeepFailed } from "../live/keep-failed-guest.ts";
import type { LiveGuest } from "../live/live-guest.ts";
import type { LiveMachine } from "../live/live-machine.ts";
import type { PendingChoice } from "../live/pending-choice.ts";

/** The parts of a session's api. */
export interface SessionApiSource {
  /** The session's answer to `describe`. */
  readonly answer: SessionAnswer;
  readonly guest: LiveGuest;
  readonly machine: LiveMachine;
  readonly choice: Pick<PendingChoice<OffChoice>, "answer">;
  readonly keepFailed: Pick<KeepFailed, "want">;
  /** Sends a break to the guest's serial port. */
  readonly sendBreak: () => Promise<void>;
  /** Asks the session's process to end. @throws AppError `no-session` when it has ended */
  readonly stop: (request: StopRequest) => void;
  /** The past events after the one of that number, then new events until the signal aborts; many at once. */
  readonly events: (wanted: {
    readonly after?: number | undefined;
    readonly signal: AbortSignal;
  }) => AsyncIterable<readonly SessionEvent[]>;
}

/** Implements shared/contracts/session-contract.ts for one session. */
export function createSessionApi({
  answer,
  guest,
  machine,
  choice,
  keepFailed,
  events,
  sendBreak,
  stop,
}: SessionApiSource) {
  const api = implement(sessionContract);
  return api.router({
    session: {
      describe: api.session.describe.handler(() => answer),
      events: api.session.events.handler(({ input: { after }, signal = never }) =>
        stream(events({ after, signal })),
      ),
      stop: api.session.stop.handler(({ input: { force } }) => stop({ isForced: force })),
    },
    build: {
      choose: api.build.choose.handler(({ input }) => choice.answer(input.choice)),
      keepFailed: api.build.keepFailed.handler(({ input }) => keepFailed.want(input.isWanted)),
    },
    machine: {
      watch: api.machine.watch.handler(({ signal = never }) => machine.watch(signal)),
      powerOff: api.machine.powerOff.handler(() => machine.use((one) => one.powerOff())),
      reset: api.machine.reset.handler(() => machine.use((one) => one.reset())),
      pause: api.machine.pause.handler(() => machine.use((one) => one.pause())),
      resume: api.machine.resume.handler(() => machine.use((one) => one.resume())),
      setClock: api.machine.setClock.handler(async ({ signal }) => {
        const outcome = await guest.use((actions) => setGuestClock(actions, { signal }));
        await machine.use(async (one) => one.clockIsRight());
        return outcome;
      }),
      kill: api.machine.kill.handler(() => machine.use((one) => one.kill())),
      insertCd: api.machine.insertCd.handler(({ input: { path, force }, signal }) =>
        machine.use((one) => one.insertCd(path, { force, signal })),
      ),
      ejectCd: api.machine.ejectCd.handler(({ input: { force } }) =>
        machine.use((one) => one.ejectCd(force)),
      ),
      screenshot: api.machine.screenshot.handler(({ input: { target } }) =>
        machine.use((one) => one.screenshot(target)),
      ),
      layout: api.machine.layout.handler(() => machine.use((one) => one.layout())),
      typeText: api.machine.typeText.handler(({ input: { text }, signal = never }) =>
        machine.use((one) => one.typeText(text, signal)),
      ),
      pressKeys: api.machine.pressKeys.handler(({ input: { keys } }) =>
        machine.use((one) => one.pressKeys(keys)),
      ),
    },
    serial: { sendBreak: api.serial.sendBreak.handler(() => sendBreak()) },
    guest: {
      listFolder: api.guest.listFolder.handler(({ input: { path }, signal }) =>
        guest.use((actions) => actions.listFolder(path, { signal })),
      ),
      getArtifact: api.guest.getArtifact.handler(({ input: { path, target, mayReplace }, signal }) =>
        withProgress((onProgress) =>
          guest.use((actions) => actions.getArtifact(path, target, { signal, onProgress, mayReplace })),
        ),
      ),
      killProcess: api.guest.killProcess.handler(({ signal }) =>
        guest.use((actions) => actions.killProcess({ signal })),
      ),
    },
  });
}

/** The signal of a call that nobody aborts. */
const never = new AbortController().signal;

async function* stream<Event>(events: AsyncIterable<Event>): AsyncGenerator<Event, void, void> {
  yield* events;
}
