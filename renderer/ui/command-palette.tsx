import { Command as Palette } from "cmdk";
import { commands, runCommand } from "../state/commands.ts";
import { useStore } from "../state/store.ts";
import { Keys } from "./keys.tsx";
import "./command-palette.css";

/** All commands, found by typing, each with its key. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const all = useStore(commands, (state) => state.all).filter(({ isHidden }) => !isHidden);
  const groups = [...new Set(all.map(({ group }) => group))];
  return (
    <Palette.Dialog
      open
      onOpenChange={(open) => open || onClose()}
      label="Commands"
      {...(document.fullscreenElement && { container: document.fullscreenElement as HTMLElement })}
      overlayClassName="dialog-backdrop"
      contentClassName="palette"
    >
      <Palette.Input className="palette-input" placeholder="What do you want to do?" />
      <Palette.List className="palette-list">
        <Palette.Empty className="palette-empty">No command of that name.</Palette.Empty>
        {groups.map((group) => (
          <Palette.Group key={group} heading={group} className="palette-group">
            {all
              .filter((command) => command.group === group)
              .map((command) => (
                <Palette.Item
                  key={command.id}
                  value={`${group} ${command.title}`}
                  className="palette-item"
                  disabled={command.unavailable !== undefined}
                  onSelect={() => {
                    onClose();
                    runCommand(command.id);
                  }}
                >
                  <span>{command.title}</span>
                  {command.unavailable && <span className="palette-reason">{command.unavailable}</span>}
                  {command.keys && <Keys of={command.keys} />}
                </Palette.Item>
              ))}
          </Palette.Group>
        ))}
      </Palette.List>
    </Palette.Dialog>
  );
}
