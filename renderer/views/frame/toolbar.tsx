import { ChevronDown, Command, Hammer, Play, Settings } from "lucide-react";
import { useStore } from "zustand";
import { useChosenObstacle } from "../../state/builds/build-obstacle.ts";
import { chooseSet, useChosenSet } from "../../state/builds/chosen-set.ts";
import { commands, runCommand } from "../../state/commands/commands.ts";
import { library } from "../../state/connection/app-state.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Keys } from "../../ui/keys.tsx";
import { Menu, MenuItem, MenuLine } from "../../ui/menu.tsx";
import { WatchButton } from "./watch-button.tsx";

/** The chosen image set, and its most common commands. */
export function Toolbar() {
  const sets = useStore(library, (state) => state.value?.sets) ?? [];
  const all = useStore(commands, (state) => state.all);
  const keysOf = (id: string) => all.find((one) => one.id === id)?.keys;
  const set = useChosenSet();
  const setupObstacle = useChosenObstacle("setup");
  const workerObstacle = useChosenObstacle("worker");
  return (
    <header className="toolbar">
      <strong className="toolbar-name">Tinsmith</strong>
      {(set || sets.length > 0) && (
        <Menu
          button={
            <Button look="quiet" aria-label={set && `Image set: ${set.name}`}>
              {set?.name ?? "Choose an image set"} <ChevronDown size={14} aria-hidden />
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
      <Button icon={Hammer} disabledReason={setupObstacle} onClick={() => runCommand("build.setup")}>
        <span>
          <span className="toolbar-long">Rebuild </span>setup
        </span>
      </Button>
      <Button
        look="primary"
        icon={Hammer}
        hint="Rebuild the worker image"
        keys={keysOf("build.worker")}
        disabledReason={workerObstacle}
        onClick={() => runCommand("build.worker")}
      >
        <span>
          <span className="toolbar-long">Rebuild </span>worker
        </span>
      </Button>
      <Button icon={Play} onClick={() => runCommand("run.start")}>
        Run…
      </Button>
      <WatchButton />
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
