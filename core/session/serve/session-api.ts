import { implement } from "@orpc/server";
import { sessionContract } from "../../../shared/contracts/session-contract.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { OffChoice } from "../../../shared/session/build.ts";
import type { OnNote } from "../../../shared/session/note.ts";
import type { SessionAnswer } from "../../../shared/session/session-description.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import type { StopRequest } from "../../async/process-end.ts";
import { withProgress } from "../../async/with-progress.ts";
import type { SessionRules } from "../../metaservice/rules/session-rules.ts";
import { putFile } from "../../vm/put-file.ts";
import { restartGuestTools } from "../../vm/restart-guest-tools.ts";
import { setGuestClock } from "../../vm/set-guest-clock.ts";
import type { KeepFailed } from "../live/keep-failed-guest.ts";
import type { LiveGuest } from "../live/live-guest.ts";
import type { InstallControl } from "../live/live-install.ts";
import type { LiveMachine } from "../live/live-machine.ts";
import type { RecordingControl } from "../live/live-recording.ts";
import type { LiveResource } from "../live/live-resource.ts";
import type { RoundControl } from "../live/live-rounds.ts";
import type { PendingChoice } from "../live/pending-choice.ts";

/** The parts of a session's api. */
export interface SessionApiSource {
  /** The session's answer to `describe`. */
  readonly answer: SessionAnswer;
  readonly guest: LiveGuest;
  readonly machine: LiveMachine;
  readonly choice: Pick<PendingChoice<OffChoice>, "answer">;
  readonly keepFailed: Pick<KeepFailed, "want">;
  readonly rounds: Pick<LiveResource<RoundControl>, "use">;
  readonly install: Pick<LiveResource<InstallControl>, "use">;
  readonly recording: Pick<LiveResource<RecordingControl>, "use">;
  /** Absent when the session has ended. */
  readonly rules?: SessionRules | undefined;
  /** Sends a break to the guest's serial port. */
  readonly sendBreak: () => Promise<void>;
  /** Takes notes for the session's log. Absent when the session has ended. */
  readonly onNote?: OnNote;
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
  rounds,
  install,
  recording,
  rules: live,
  events,
  sendBreak,
  onNote,
  stop,
}: SessionApiSource) {
  const api = implement(sessionContract);
  const running = () => {
    if (!live) throw hasNoRules();
    return live;
  };
  const rules = () => running().rules;
  const held = () => running().held;
  return api.router({
    session: {
      describe: api.session.describe.handler(() => answer),
      events: api.session.events.handler(({ input: { after, asText }, signal = never }) => {
        const batches = events({ after, signal });
        return asText ? texts(batches) : stream(batches);
      }),
      stop: api.session.stop.handler(({ input: { force } }) => stop({ isForced: force })),
    },
    build: {
      choose: api.build.choose.handler(({ input }) => choice.answer(input.choice)),
      keepFailed: api.build.keepFailed.handler(({ input }) => keepFailed.want(input.isWanted)),
    },
    install: {
      pause: api.install.pause.handler(() => install.use(async (steps) => steps.pause())),
      run: api.install.run.handler(() => install.use(async (steps) => steps.run())),
      step: api.install.step.handler(() => install.use(async (steps) => steps.step())),
      runFrom: api.install.runFrom.handler(({ input }) =>
        install.use(async (steps) => steps.runFrom(input.index)),
      ),
      change: api.install.change.handler(({ input }) =>
        install.use((steps) => steps.change(input.index, input.step)),
      ),
      giveUp: api.install.giveUp.handler(() => install.use(async (steps) => steps.giveUp())),
      watch: api.install.watch.handler(async ({ signal = never }) =>
        stream(await install.use(async (steps) => steps.watch(signal))),
      ),
    },
    watch: {
      force: api.watch.force.handler(() => rounds.use(async ({ force }) => force())),
    },
    recording: {
      watch: api.recording.watch.handler(async ({ signal = never }) =>
        stream(await recording.use(async (steps) => steps.watch(signal))),
      ),
      change: api.recording.change.handler(({ input }) =>
        recording.use(async (steps) => steps.change(input)),
      ),
      save: api.recording.save.handler(({ input: { target } }) => recording.use((one) => one.save(target))),
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
      makeCheckpoint: api.machine.makeCheckpoint.handler(({ input: { name } }) =>
        machine.use((one) => one.checkpoints.make(name)),
      ),
      goBack: api.machine.goBack.handler(({ input: { name } }) =>
        machine.use((one) => one.checkpoints.goBack(name)),
      ),
      keepCheckpoint: api.machine.keepCheckpoint.handler(async ({ input: { name } }) => ({
        notes: [...(await machine.use((one) => one.checkpoints.keep(name)))],
      })),
      renameCheckpoint: api.machine.renameCheckpoint.handler(({ input: { name, newName } }) =>
        machine.use((one) => one.checkpoints.rename(name, newName)),
      ),
      deleteCheckpoint: api.machine.deleteCheckpoint.handler(({ input: { name } }) =>
        machine.use((one) => one.checkpoints.delete(name)),
      ),
      kill: api.machine.kill.handler(() => machine.use((one) => one.kill())),
      insertCd: api.machine.insertCd.handler(({ input: { path, force }, signal }) =>
        machine.use((one) => one.insertCd(path, { force, signal })),
      ),
      insertFiles: api.machine.insertFiles.handler(({ input: { paths, force }, signal }) =>
        machine.use((one) => one.insertFiles(paths, { force, signal })),
      ),
      uploadForCd: api.machine.uploadForCd.handler(({ input: { upload, path, bytes } }) =>
        machine.use((one) =>
          one.keepCdPart({
            upload,
            path,
            bytes: bytes === undefined ? undefined : Buffer.from(bytes, "base64"),
          }),
        ),
      ),
      insertUpload: api.machine.insertUpload.handler(({ input: { upload, force }, signal }) =>
        machine.use((one) => one.insertUpload(upload, { force, signal })),
      ),
      ejectCd: api.machine.ejectCd.handler(({ input: { force } }) =>
        machine.use((one) => one.ejectCd(force)),
      ),
      screenshot: api.machine.screenshot.handler(({ input: { target } }) =>
        machine.use((one) => one.screenshot(target)),
      ),
      screenText: api.machine.screenText.handler(() => machine.use((one) => one.screenText())),
      recordNetwork: api.machine.recordNetwork.handler(({ input: { target } }) =>
        machine.use((one) => one.networkDump.start(target)),
      ),
      stopRecordingNetwork: api.machine.stopRecordingNetwork.handler(() =>
        machine.use((one) => one.networkDump.stop()),
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
    rules: {
      list: api.rules.list.handler(() => {
        const { seed, list } = rules();
        return { seed, rules: [...list()] };
      }),
      add: api.rules.add.handler(({ input }) => rules().add(input.rules)),
      remove: api.rules.remove.handler(({ input }) => rules().remove(...[input.name].flat())),
      arm: api.rules.arm.handler(({ input }) => rules().arm(input.name)),
      watchHeld: api.rules.watchHeld.handler(({ signal = never }) => held().watch(signal)),
      heldBody: api.rules.heldBody.handler(({ input }) => ({
        body: Buffer.from(held().bodyOf(input.held)).toString("base64"),
      })),
      letRun: api.rules.letRun.handler(({ input }) => held().letRun(input.isWanted)),
      release: api.rules.release.handler(({ input }) => held().release(input.held, input.request)),
    },
    guest: {
      listFolder: api.guest.listFolder.handler(({ input: { path }, signal }) =>
        guest.use((actions) => actions.listFolder(path, { signal })),
      ),
      getArtifact: api.guest.getArtifact.handler(({ input: { path, target, mayReplace }, signal }) =>
        withProgress((onProgress) =>
          guest.use((actions) => actions.getArtifact(path, target, { signal, onProgress, mayReplace })),
        ),
      ),
      putFile: api.guest.putFile.handler(({ input: { source, path }, signal }) =>
        withProgress((onProgress) =>
          guest.use((actions) => putFile(actions, source, path, { signal, onProgress })),
        ),
      ),
      restartTools: api.guest.restartTools.handler(async ({ signal }) => {
        await guest.use((actions) => restartGuestTools(actions, { signal }));
        onNote?.("The guest tools were replaced, and have started again.");
      }),
      performComposed: api.guest.performComposed.handler(({ input: { text }, signal }) =>
        guest.use((actions) => actions.performComposed(text, { signal })),
      ),
      repeatRequest: api.guest.repeatRequest.handler(({ input, signal }) =>
        guest.use((actions) => actions.repeatRequest(input, { signal })),
      ),
      killProcess: api.guest.killProcess.handler(({ signal }) =>
        guest.use((actions) => actions.killProcess({ signal })),
      ),
    },
  });
}

function hasNoRules(): AppError {
  return new AppError({
    code: "no-session",
    message: "the session has ended, so it has no rules",
    advice: "Its action log shows the rules that it had.",
  });
}

/** The signal of a call that nobody aborts. */
const never = new AbortController().signal;

async function* texts(values: AsyncIterable<unknown>): AsyncGenerator<string, void, void> {
  for await (const value of values) yield JSON.stringify(value);
}

async function* stream<Event>(events: AsyncIterable<Event>): AsyncGenerator<Event, void, void> {
  yield* events;
}
