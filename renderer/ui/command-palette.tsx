import { Command as Palette } from "cmdk";
import { useStore } from "zustand";
import { commands, runCommand } from "../state/commands/commands.ts";
import { Keys } from "./keys.tsx";
import { PaletteDialog, PaletteItem } from "./palette-dialog.tsx";

/** All commands, found by typing, each with its key. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const all = useStore(commands, (state) => state.all).filter(({ isHidden }) => !isHidden);
  const groups = [...new Set(all.map(({ group }) => group))];
  return (
    <PaletteDialog
      label="Commands"
      placeholder="What do you want to do?"
      empty="No matching command."
      onClose={onClose}
    >
      {groups.map((group) => (
        <Palette.Group key={group} heading={group} className="palette-group">
          {all
            .filter((command) => command.group === group)
            .map((command) => (
              <PaletteItem
                key={command.id}
                id={command.id}
                texts={[group, command.title, command.keywords ?? ""]}
                isDisabled={command.unavailable !== undefined}
                onSelect={() => {
                  onClose();
                  runCommand(command.id);
                }}
              >
                <span>{command.title}</span>
                {command.unavailable && <span className="palette-reason">{command.unavailable}</span>}
                {command.keys && <Keys of={command.keys} />}
              </PaletteItem>
            ))}
        </Palette.Group>
      ))}
    </PaletteDialog>
  );
}
