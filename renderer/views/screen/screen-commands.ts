import {
  Camera,
  ClipboardPaste,
  Crop,
  Expand,
  Eye,
  type LucideIcon,
  Scaling,
  Shrink,
  Square,
  TextSelect,
} from "lucide-react";
import type { VirtualMachineState } from "../../../shared/session/virtual-machine.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { sessionClient } from "../../client/api-client.ts";
import type { Command } from "../../state/commands/commands.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayDone } from "../../state/messages/notices.ts";
import { checkpointCommands } from "../checkpoints/checkpoint-commands.ts";
import { keyCombinations } from "./keyboard/key-combinations.ts";
import { savePicture } from "./save-picture.ts";
import type { ScreenDisplay } from "./screen-display.ts";

/** The state of a screen, and the operations of its view. */
interface ScreenContext {
  readonly session: string;
  readonly state: VirtualMachineState;
  /** Absent while nothing can be shown. */
  readonly display: ScreenDisplay | undefined;
  readonly isReadOnly: boolean;
  readonly isScaled: boolean;
  readonly isTextShown: boolean;
  readonly isFullScreen: boolean;
  readonly isTyping: boolean;
  readonly type: () => Promise<void>;
  readonly stopTyping: () => void;
  readonly setReadOnly: (isReadOnly: boolean) => void;
  readonly setScaled: (isScaled: boolean) => void;
  readonly setTextShown: (isShown: boolean) => void;
  readonly toggleFullScreen: () => Promise<void>;
}

/** A command that has a button of its own, and, where it switches something, whether that is on. */
interface Tool extends Command {
  readonly icon: LucideIcon;
  readonly isOn?: boolean;
}

/** The commands of a screen, by where its bar has them; the palette has all of them while the screen is active. */
export interface ScreenCommands {
  readonly power: readonly Command[];
  readonly checkpoints: readonly Command[];
  readonly cd: readonly Command[];
  readonly keys: readonly Command[];
  readonly tools: readonly Tool[];
}

export function allCommands({ power, checkpoints, cd, keys, tools }: ScreenCommands): readonly Command[] {
  return [...power, ...checkpoints, ...cd, ...tools, ...keys];
}

/** All that can be done to a screen and to the virtual machine behind it. */
export function screenCommands(context: ScreenContext): ScreenCommands {
  const { session, state, isReadOnly } = context;
  const { machine } = sessionClient(session);
  const isPaused = state.status === "paused";
  const isRecording = state.status !== "none" && state.recording !== undefined;
  const off = state.status === "none" ? "there is no virtual machine now" : undefined;
  const still = off ?? (isPaused ? "the virtual machine is paused" : undefined);
  const deaf = still ?? (isReadOnly ? "the screen is read only" : undefined);
  const empty = off ?? (state.status !== "none" && state.cd ? undefined : "the CD drive is empty");
  const ask = (by: "reset" | "kill") => () => openDialog({ name: "end-machine", session, by });
  return {
    power: [
      command("power-off", "Shut down", still, () => machine.powerOff()),
      isPaused
        ? command("resume", "Resume", off, () => machine.resume())
        : command("pause", "Pause", off, () => machine.pause()),
      command("set-clock", "Set the guest's clock", still, () => setClock(session)),
      isRecording
        ? command("stop-recording", "Stop recording the network", off, () => machine.stopRecordingNetwork())
        : command("record-network", "Record the network…", off, () =>
            openDialog({ name: "record-network", session }),
          ),
      command("reset", "Reset…", off, ask("reset")),
      command("kill", "Force off…", off, ask("kill")),
    ],
    checkpoints: checkpointCommands(session, state),
    cd: [
      command("insert-cd", "Insert a CD…", off, () => openDialog({ name: "insert-cd", session })),
      command("eject-cd", "Eject the CD", empty, () => machine.ejectCd({})),
      command("force-cd", "Eject the CD by force", empty, () => machine.ejectCd({ force: true })),
    ],
    keys: keyCombinations.map(({ title, name, keys }) =>
      command(`press-${name}`, `Press ${title}`, deaf, () => machine.pressKeys({ keys: [...keys] })),
    ),
    tools: screenTools(context, deaf),
  };
}

async function setClock(session: string): Promise<void> {
  const { behindSeconds } = await sessionClient(session).machine.setClock();
  sayDone(`The guest's clock was set; it was ${formatDuration(behindSeconds * 1000)} behind.`);
}

/** @param deaf the reason why the guest takes no keys, when it does not. */
function screenTools(context: ScreenContext, deaf: string | undefined): readonly Tool[] {
  const { session, state, display, isReadOnly, isScaled, isTextShown, isFullScreen, isTyping } = context;
  return [
    isTyping
      ? { ...command("stop-typing", "Stop typing", undefined, context.stopTyping), icon: Square, isOn: true }
      : { ...command("type", "Type the clipboard's text", deaf, context.type), icon: ClipboardPaste },
    {
      ...command("read-only", "Read only", undefined, () => context.setReadOnly(!isReadOnly)),
      icon: Eye,
      isOn: isReadOnly,
    },
    {
      ...command("scale", "Scale to the panel", undefined, () => context.setScaled(!isScaled)),
      icon: Scaling,
      isOn: isScaled,
    },
    {
      ...command(
        "text",
        "Show the text",
        state.status === "none" ? "there is no virtual machine now" : undefined,
        () => context.setTextShown(!isTextShown),
      ),
      icon: TextSelect,
      isOn: isTextShown,
    },
    {
      ...command("screenshot", "Save a screenshot", display ? undefined : "nothing is shown", async () => {
        if (display) savePicture(await display.picture(), session);
      }),
      icon: Camera,
    },
    {
      ...command("crop", "Save a part of the screen…", display ? undefined : "nothing is shown", async () => {
        if (display) openDialog({ name: "crop", session, picture: await display.picture() });
      }),
      icon: Crop,
    },
    {
      ...command(
        "full",
        isFullScreen ? "Leave full screen" : "Full screen",
        undefined,
        context.toggleFullScreen,
      ),
      icon: isFullScreen ? Shrink : Expand,
    },
  ];
}

function command(name: string, title: string, unavailable: string | undefined, run: Command["run"]): Command {
  return { id: `screen.${name}`, title, group: "Screen", unavailable, run };
}
