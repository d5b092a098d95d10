import { ChevronDown, Command, Hammer, Play, Settings } from "lucide-react";
import { library } from "../../state/app-state.ts";
import { chooseSet, useChosenSet } from "../../state/chosen-set.ts";
import { commands, runCommand } from "../../state/commands.ts";
import { useStore } from "../../state/store.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Keys } from "../../ui/keys.tsx";
import { Menu, MenuItem, MenuLine } from "../../ui/menu.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";

/** The chosen image set, and what is done with it most. */
export function Toolbar() {
  const sets = useStore(library, (state) => state.value?.sets) ?? [];
  const all = useStore(commands, (state) => state.all);
  const keysOf = (id: string) => all.find((one) => one.id === id)?.keys;
  const set = useChosenSet();
  const isReady = set !== undefined && !set.problem;
  return (
    <header className="toolbar">
      <strong className="toolbar-name">Tinsmith</strong>
      {set && (
        <Menu
          button={
            <Button look="quiet" aria-label={`Image set: ${set.name}`}>
              {set.name} <ChevronDown size={14} aria-hidden />
            </Button>
          }
        >
          {sets.map((one) => (
            <MenuItem key={one.folder} onSelect={() => chooseSet(one.folder)}>
              {one.name}
            </MenuItem>
          ))}
          <MenuLine />
          <MenuItem onSelect={() => runCommand("library.new-set")}>New image set…</MenuItem>
        </Menu>
      )}
      <Button icon={Hammer} disabled={!isReady} onClick={() => runCommand("build.setup")}>
        <span className="toolbar-long">Rebuild </span>setup
      </Button>
      <Tooltip text="Rebuild the worker image" keys={keysOf("build.worker")}>
        <Button look="primary" icon={Hammer} disabled={!isReady} onClick={() => runCommand("build.worker")}>
          <span className="toolbar-long">Rebuild </span>worker
        </Button>
      </Tooltip>
      <Button icon={Play} onClick={() => runCommand("run.start")}>
        Run…
      </Button>
      <span className="toolbar-gap" />
      <Button look="quiet" icon={Command} onClick={() => runCommand("palette")}>
        <span className="toolbar-long">Commands</span> <Keys of="Ctrl+K" />
      </Button>
      <IconButton
        icon={Settings}
        label="Settings"
        keys={keysOf("settings")}
        onClick={() => runCommand("settings")}
      />
    </header>
  );
}
