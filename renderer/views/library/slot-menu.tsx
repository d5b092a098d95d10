import { EllipsisVertical } from "lucide-react";
import { useStore } from "zustand";
import type { ArchiveSummary, ImageKind, ImageSet } from "../../../shared/library/library.ts";
import { app } from "../../client/api-client.ts";
import { useBuildObstacle } from "../../state/builds/build-obstacle.ts";
import { hasRules } from "../../state/builds/find-slot.ts";
import { startBuild } from "../../state/builds/start-build.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { addRules, addScenario } from "../../state/files/add-set-file.ts";
import { showImage } from "../../state/layout/panels.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { copyText } from "../../state/messages/copy-text.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayError } from "../../state/messages/notices.ts";
import { askToRunScenario } from "../../state/runs/run-scenario.ts";
import { IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../ui/menu.tsx";
import { KeptCheckpointsItem } from "../checkpoints/kept-checkpoints-item.tsx";

interface SlotMenuProps {
  readonly set: ImageSet;
  readonly image: ImageKind;
  readonly archive: ArchiveSummary;
}

/** The commands for an archive that exists. */
export function SlotMenu({ set, image, archive }: SlotMenuProps) {
  const title = `${image === "setup" ? "Setup" : "Worker"} image of ${set.name}`;
  const obstacle = useBuildObstacle(set, image);
  const built = archive.record?.session;
  const hasBuild = useStore(sessions, ({ value }) => value?.some(({ id }) => id === built) ?? true);
  return (
    <Menu button={<IconButton icon={EllipsisVertical} label={`More for the ${title.toLowerCase()}`} />}>
      {(image === "worker" || set.hasIso) && (
        <MenuItem disabledReason={obstacle} onSelect={() => startBuild(set, image)}>
          Rebuild
        </MenuItem>
      )}
      {image === "worker" && hasRules(set) && (
        <MenuItem
          disabledReason={obstacle ?? (set.setup.archive ? undefined : "The setup image is missing")}
          onSelect={() => openDialog({ name: "rebuild", set, retry: undefined })}
        >
          Rebuild with options…
        </MenuItem>
      )}
      {image === "setup" && (
        <MenuItem disabledReason={obstacle} onSelect={() => openDialog({ name: "install", set })}>
          Install by hand…
        </MenuItem>
      )}
      <MenuItem
        disabledReason={archive.problem?.message}
        onSelect={() => openDialog({ name: "run", archive: archive.path })}
      >
        Run…
      </MenuItem>
      <MenuItem disabledReason={archive.problem?.message} onSelect={() => showImage(archive.path)}>
        Look inside
      </MenuItem>
      <MenuItem
        disabledReason={archive.problem?.message}
        onSelect={() => openDialog({ name: "choose-image", compared: archive.path })}
      >
        Compare with another image…
      </MenuItem>
      <MenuItem
        disabledReason={archive.problem?.message}
        onSelect={() => openDialog({ name: "export-disk", image: archive.path })}
      >
        Export its disk…
      </MenuItem>
      <KeptCheckpointsItem archive={archive.path} />
      {image === "worker" && set.scenarios.length > 0 && (
        <MenuItem disabledReason={archive.problem?.message} onSelect={() => askToRunScenario(set)}>
          Run a scenario…
        </MenuItem>
      )}
      {image === "worker" && set.scenarios.length > 0 && (
        <MenuItem onSelect={() => void addScenario(set).catch(sayError)}>Add a scenario</MenuItem>
      )}
      {image === "worker" && !hasRules(set) && (
        <MenuItem onSelect={() => void addRules(set).catch(sayError)}>Add rules.yaml</MenuItem>
      )}
      <MenuItem onSelect={() => openDialog({ name: "archive", archive, title })}>Show details…</MenuItem>
      {archive.record && (
        <MenuItem
          disabledReason={hasBuild ? undefined : "Its session was deleted"}
          onSelect={() => archive.record && showSession({ id: archive.record.session, kind: "build" })}
        >
          Show its build
        </MenuItem>
      )}
      <MenuItem onSelect={() => void app().reveal({ path: archive.path }).catch(sayError)}>
        Open its folder
      </MenuItem>
      <MenuItem onSelect={() => void copyText(archive.path, "The path")}>Copy its path</MenuItem>
      <MenuLine />
      <MenuItem onSelect={() => openDialog({ name: "delete-archive", archive, title })}>Delete…</MenuItem>
    </Menu>
  );
}
