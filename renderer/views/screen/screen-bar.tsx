import { ChevronDown, Clock, Disc3, History, Keyboard, type LucideIcon, Power } from "lucide-react";
import type { VirtualMachineState } from "../../../shared/session/virtual-machine.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { type Command, perform } from "../../state/commands/commands.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Keys } from "../../ui/keys.tsx";
import { Menu, MenuItem, MenuLine } from "../../ui/menu.tsx";
import { releaseKeys } from "./keyboard/release-key.ts";
import type { ScreenCommands } from "./screen-commands.ts";

interface ScreenBarProps {
  readonly state: VirtualMachineState | undefined;
  readonly commands: ScreenCommands;
  /** Whether keys become install steps. */
  readonly isRecorded: boolean;
}

const statusTexts = { none: "Off", running: "Running", paused: "Paused", waiting: "Waiting" } as const;

/** The state of the virtual machine, and the commands for it and its screen. */
export function ScreenBar({ state, commands, isRecorded }: ScreenBarProps) {
  const { cd, clockBehind } = state && state.status !== "none" ? state : {};
  const setClock = commands.power.find(({ id }) => id === "screen.set-clock");
  return (
    <header className="screen-bar">
      <CommandMenu icon={Power} label="Power" commands={commands.power} />
      <CommandMenu icon={History} label="Checkpoints" commands={commands.checkpoints} />
      <CommandMenu icon={Disc3} label="CD" commands={commands.cd} head={cd ?? "The drive is empty"} />
      <CommandMenu icon={Keyboard} label="Keys" commands={commands.keys} />
      <span className="screen-state">
        {state && statusTexts[state.status]}
        {isRecorded && state?.status === "running" && ", recording your steps"}
      </span>
      {state?.status === "running" && clockBehind !== undefined && setClock && (
        <Button
          look="quiet"
          icon={Clock}
          title="The clock stopped while the virtual machine was paused, or went back with it to a checkpoint. Guest tools that run as root can set it."
          onClick={() => perform(setClock)}
        >
          {formatDuration(clockBehind * 1000)} behind: set the guest's clock
        </Button>
      )}
      <span className="screen-hint">
        <Keys of={releaseKeys} /> leaves the screen
      </span>
      {commands.tools.map(({ icon, isOn, ...command }) => (
        <IconButton
          key={command.id}
          icon={icon}
          label={command.title}
          disabledReason={command.unavailable}
          onClick={() => perform(command)}
          {...(isOn !== undefined && { pressed: isOn })}
        />
      ))}
    </header>
  );
}

interface CommandMenuProps {
  readonly icon: LucideIcon;
  readonly label: string;
  /** A text above the commands. */
  readonly head?: string;
  readonly commands: readonly Command[];
}

function CommandMenu({ icon, label, head, commands }: CommandMenuProps) {
  return (
    <Menu
      button={
        <Button look="quiet" icon={icon} aria-label={label}>
          <span className="screen-label">{label}</span>
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
    >
      {head && (
        <>
          <p className="screen-menu-head">{head}</p>
          <MenuLine />
        </>
      )}
      {commands.map((command) => (
        <MenuItem key={command.id} disabledReason={command.unavailable} onSelect={() => perform(command)}>
          {command.title}
        </MenuItem>
      ))}
    </Menu>
  );
}
