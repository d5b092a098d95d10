import { defaultFilter, Command as Palette } from "cmdk";
import { commands, runCommand } from "../state/commands/commands.ts";
import { noteDialog } from "../state/messages/top-layer.ts";
import { useStore } from "../state/store/use-store.ts";
import { Keys } from "./keys.tsx";
import "./command-palette.css";

/** All commands, found by typing, each with its key. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const all = useStore(commands, (state) => state.all).filter(({ isHidden }) => !isHidden);
  const groups = [...new Set(all.map(({ group }) => group))];
  return (
    <Palette.Dialog
      ref={noteDialog}
      open
      onOpenChange={(open) => open || onClose()}
      // For Radix it is the newest toast's, if one has come meanwhile.
      onKeyDown={({ key }) => {
        if (key === "Escape") onClose();
      }}
      label="Commands"
      filter={matchTitle}
      {...(document.fullscreenElement && { container: document.fullscreenElement as HTMLElement })}
      overlayClassName="dialog-backdrop"
      contentClassName="palette"
    >
      <Palette.Input className="palette-input" placeholder="What do you want to do?" />
      <Palette.List className="palette-list">
        <Palette.Empty className="palette-empty">No matching command.</Palette.Empty>
        {groups.map((group) => (
          <Palette.Group key={group} heading={group} className="palette-group">
            {all
              .filter((command) => command.group === group)
              .map((command) => (
                <Palette.Item
                  key={command.id}
                  value={command.id}
                  keywords={[group, command.title]}
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

/**
 * Commands are distinguished by their ids, since two may have one title, and found by the text that a person sees of
 * them.
 */
function matchTitle(_id: string, search: string, titles: readonly string[] = []): number {
  return defaultFilter(titles.join(" "), search);
}
