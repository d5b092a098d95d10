import { AppError } from "../../../shared/errors/errors.ts";
import type { ConsoleName } from "../../../shared/recipe/install-step.ts";
import type { GuestInput } from "../../../shared/recorder/guest-input.ts";
import type { RecordedScript, RecordingEdit } from "../../../shared/recorder/recorded-step.ts";
import type { ScreenText } from "../../../shared/screen/screen-text.ts";
import type { OnNote } from "../../../shared/session/note.ts";
import { createLatestValue } from "../../async/latest-value.ts";
import type { Rewindable } from "../../async/rewindable.ts";
import type { GuestClock } from "../../time/guest-clock.ts";
import type { CastEvent, OwnEvent, RecordingEntry } from "../cast/recording-entry.ts";
import { strokesOf, typedPart } from "../script/strokes.ts";
import { createCastFile } from "./cast-file.ts";
import { createLiveScript } from "./live-script.ts";
import { createSecretGuard, type SecretGuard, type TypedInput } from "./secret-guard.ts";
import { createStepStarts } from "./step-starts.ts";

/** Records an installation by hand, over all virtual machines in which the person works on it, and proposes its steps. */
export interface InstallRecorder extends Rewindable, AsyncDisposable {
  /** A virtual machine runs from now on, with its guest's clock. */
  begin(clock: Pick<GuestClock, "now">): void;
  /** It is off. @param isPowerOff whether its guest has powered off */
  end(isPowerOff: boolean): void;
  /** Takes output of the serial console. */
  output(bytes: Uint8Array): void;
  /** Takes the text on the screen. */
  screen(text: ScreenText): void;
  /**
   * Takes an input before the guest gets it: deliver it when this has settled, since a checkpoint may be made until then.
   *
   * @param isGiven whether the guest has got it in the end
   */
  input(input: GuestInput, isGiven?: Promise<boolean>): Promise<void>;
  /** @throws AppError `usage` for a line that this process does not know */
  change(edit: RecordingEdit): void;
  /** The proposed steps, now and after each change, until the signal aborts. */
  watch(signal: AbortSignal): AsyncGenerator<RecordedScript, void, void>;
  /** The script of all that was recorded. */
  script(): Promise<RecordedScript>;
}

interface RecorderOptions {
  /** The path of the recording, a new file. */
  readonly path: string;
  readonly title: string;
  readonly onNote: OnNote;
  /** Called before an input at the screen that may begin a step: it settles when `screen` has what the screen shows now. */
  readonly look?: (() => Promise<void>) | undefined;
  /** Called before the first input after new output. @returns the name of the checkpoint that was made, if one was */
  readonly onStep?: (() => Promise<string | undefined>) | undefined;
}

interface HeldInput extends TypedInput {
  readonly input: Extract<GuestInput, { console: ConsoleName }>;
  readonly epoch: number;
}

/** Output is written at once, or with what comes within this time. Milliseconds. */
const outputInterval = 20;
/** The script is made again so often at most. Milliseconds. */
const scriptInterval = 500;
/** Lines that are held back are looked at so often. Milliseconds. */
const guardInterval = 250;

export function createInstallRecorder({
  path,
  title,
  onNote,
  look,
  onStep,
}: RecorderOptions): InstallRecorder {
  const start = Date.now();
  const file = createCastFile(path, { title, onNote });
  const live = createLiveScript(path, start);
  const state = createLatestValue<RecordedScript>({ console: "serial", steps: [] });
  const starts = createStepStarts();
  const secrets = new Map<string, string>();
  let clock: Pick<GuestClock, "now"> | undefined;
  /** Seconds for which earlier virtual machines ran. */
  let earlier = 0;
  let ended = 0;
  const now = () => (clock ? earlier + clock.now() / 1000 : ended);

  let decoder = new TextDecoder();
  let unwritten = "";
  let written = Number.NEGATIVE_INFINITY;
  let lastScreen = "";
  let hasText = false;
  let inTurn: Promise<void> = Promise.resolve();
  let isOver = false;

  const write = (event: CastEvent) => file.write(now(), event);
  const horizon = () =>
    Math.min(
      guards.serial.heldSince() ?? Number.POSITIVE_INFINITY,
      guards.screen.heldSince() ?? Number.POSITIVE_INFINITY,
    );
  const take = (...entries: readonly RecordingEntry[]) => {
    // An output at the very time of a held line comes behind it.
    live.add(entries, horizon() - 1e-6);
    renew();
  };
  const writeOwn = (own: OwnEvent) => {
    flush();
    write({ own });
  };
  const flush = () => {
    if (unwritten === "") return;
    const entry = { kind: "output", time: now(), text: unwritten } as const;
    unwritten = "";
    written = performance.now();
    write({ output: entry.text });
    starts.output();
    guards.serial.show(entry);
    take(entry);
  };
  const guardOf = (console: ConsoleName): SecretGuard<HeldInput> =>
    createSecretGuard({
      onInputs: (inputs) => {
        for (const { input, time, epoch } of inputs) {
          if (input.console === "serial" && "text" in input) {
            write({ own: { kind: "typed", at: time, epoch } });
            write({ input: input.text });
          } else write({ own: { kind: "input", at: time, epoch, input } });
        }
        take(...inputs.map(({ input, time, epoch }) => ({ kind: "input", input, time, epoch }) as const));
      },
      onHidden: ({ text, start: at }) => {
        const name = `SECRET_${secrets.size + 1}`;
        secrets.set(name, text);
        const own = { epoch: Date.now() - (now() - at) * 1000, console, name };
        write({ own: { kind: "hidden", at, ...own } });
        take({ kind: "hidden", time: at, ...own });
      },
    });
  const guards: Record<ConsoleName, SecretGuard<HeldInput>> = {
    serial: guardOf("serial"),
    screen: guardOf("screen"),
  };

  let renewal: NodeJS.Timeout | undefined;
  const renew = () => {
    if (isOver) return;
    renewal ??= setTimeout(async () => {
      await live.settled().then(state.set, () => {});
      renewal = undefined;
    }, scriptInterval).unref();
  };
  const ticks = setInterval(() => {
    for (const guard of Object.values(guards)) guard.tick(now());
    if (performance.now() - written >= outputInterval) flush();
  }, guardInterval).unref();
  let flushing: NodeJS.Timeout | undefined;

  const type = (input: HeldInput["input"]) => {
    const time = now();
    for (const line of linesOf(input)) {
      const strokes = strokesOf(line);
      guards[line.console].type({ console: line.console, strokes, time, epoch: Date.now(), input: line });
      starts.input(strokes);
    }
    // Its keys are held back, or taken already.
    take();
  };
  const perform = (input: Exclude<GuestInput, { console: ConsoleName }>) => {
    const entry = { kind: "input", time: now(), epoch: Date.now(), input } as const;
    writeOwn({ kind: "input", at: entry.time, epoch: entry.epoch, input });
    starts.act();
    take(entry);
  };
  return {
    begin: (next) => {
      earlier = ended;
      clock = next;
      if (earlier > 0) {
        writeOwn({ kind: "on" });
        take({ kind: "on", time: now() });
      }
    },
    end: (isPowerOff) => {
      flush();
      for (const guard of Object.values(guards)) guard.end();
      ended = now();
      clock = undefined;
      decoder = new TextDecoder();
      writeOwn({ kind: "off", isPowerOff });
      take({ kind: "off", time: ended, isPowerOff });
    },
    output: (bytes) => {
      unwritten += decoder.decode(bytes, { stream: true });
      if (performance.now() - written >= outputInterval) return flush();
      flushing ??= setTimeout(() => {
        flushing = undefined;
        flush();
      }, outputInterval).unref();
    },
    screen: (text) => {
      hasText = text.kind === "text";
      const form = JSON.stringify(text);
      if (form === lastScreen || text.kind !== "text") return;
      lastScreen = form;
      const { lines, columns } = text;
      const entry = { kind: "screen", time: now(), lines, columns } as const;
      writeOwn({ kind: "screen", lines, columns });
      starts.output();
      guards.screen.show(entry);
      take(entry);
    },
    input: (input, isGiven = Promise.resolve(true)) => {
      const mine = inTurn.then(async () => {
        if (isOver) return;
        const isTyping = () => guards.serial.isTyping() || guards.screen.isTyping();
        const isOnSerial = "console" in input && input.console === "serial";
        // The last look may be older than what the person has seen.
        if (!isOnSerial && !isTyping()) await look?.();
        flush();
        // It only gives a window's keys to the screen: a text has nothing to click on.
        if ("act" in input && input.act === "click" && hasText) return;
        if (onStep && !isTyping() && starts.isNew()) {
          const name = await onStep();
          if (name !== undefined) writeOwn({ kind: "checkpoint", name });
          if (name !== undefined) take({ kind: "checkpoint", time: now(), name });
        }
        if ("console" in input) type(input);
        // A CD that the virtual machine has refused is not in its drive.
        else void isGiven.then((was) => was && !isOver && perform(input));
      });
      inTurn = mine.catch(() => {});
      return inTurn;
    },
    change: (edit) => {
      const line = edit.kind === "no-secret" ? hiddenLine(edit.step, state.get(), secrets) : undefined;
      if (line) {
        writeOwn({ kind: "shown", ...line });
        take({ kind: "shown", time: now(), ...line });
        return;
      }
      writeOwn({ kind: "edit", edit });
      take({ kind: "edit", time: now(), edit });
      if (edit.kind === "wait") live.readAgain();
    },
    watch: state.watch,
    script: async () => {
      flush();
      for (const guard of Object.values(guards)) guard.end();
      take();
      return await live.settled();
    },
    remember: () => {
      flush();
      const to = now();
      const before = { lastScreen, secrets: new Map(secrets) };
      return () => {
        flush();
        for (const guard of Object.values(guards)) guard.end();
        ({ lastScreen } = before);
        writeOwn({ kind: "back", to });
        live.readAgain();
        renew();
      };
    },
    [Symbol.asyncDispose]: async () => {
      flush();
      for (const guard of Object.values(guards)) guard.end();
      isOver = true;
      clearInterval(ticks);
      clearTimeout(flushing);
      clearTimeout(renewal);
      await live.settled().then(state.set, () => {});
      live[Symbol.dispose]();
      file[Symbol.dispose]();
    },
  };
}

/** The line of a hidden step; undefined for a step that is not hidden. */
function hiddenLine(
  id: string,
  { steps }: RecordedScript,
  secrets: ReadonlyMap<string, string>,
): { readonly name: string; readonly line: string } | undefined {
  const name = steps.find((step) => step.id === id)?.hidden;
  if (name === undefined) return undefined;
  const line = secrets.get(name);
  if (line !== undefined) return { name, line };
  throw new AppError({
    code: "usage",
    message: `the line ${name} is not known any more: it was never stored`,
    advice: "Type it into the recipe.",
  });
}

/** Each line of an input by itself. */
function linesOf(input: HeldInput["input"]): readonly HeldInput["input"][] {
  if ("keys" in input) return [input];
  const text = input.console === "serial" ? typedPart(input.text) : input.text;
  return text
    .split(/(?<=\r\n|\r(?!\n)|\n)/)
    .filter(Boolean)
    .map((line) => ({ ...input, text: line }));
}
