import { EllipsisVertical } from "lucide-react";
import type { ArchiveSummary } from "../../../shared/library/library.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { showImage } from "../../state/layout/panels.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayError } from "../../state/messages/notices.ts";
import { IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../ui/menu.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { KeptCheckpointsItem } from "../checkpoints/kept-checkpoints-item.tsx";

/** An imported archive. */
export function ArchiveItem({ archive }: { readonly archive: ArchiveSummary }) {
  const name = archive.path.slice(archive.path.lastIndexOf("/") + 1);
  return (
    <li className="slot">
      <StateMark
        state={archive.problem ? "bad" : "none"}
        label={archive.problem?.message ?? "Imported archive"}
      />
      <div className="slot-text">
        <span className="slot-title" title={archive.path}>
          <span>{name}</span>
          {!archive.problem && <span className="slot-size">{formatBytes(archive.size)}</span>}
        </span>
        <span className="slot-state">
          {archive.problem ? archive.problem.message : <RelativeTime at={archive.modified} />}
        </span>
      </div>
      <Menu button={<IconButton icon={EllipsisVertical} label={`More for ${name}`} />}>
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
        <MenuItem
          disabledReason={archive.problem?.message}
          onSelect={() => openDialog({ name: "archive", archive, title: name })}
        >
          Show details…
        </MenuItem>
        <MenuLine />
        <MenuItem onSelect={() => void app().library.forgetArchive({ path: archive.path }).catch(sayError)}>
          Remove from library
        </MenuItem>
      </Menu>
    </li>
  );
}
