import { type Archive, FolderOpen, Package, Plus } from "lucide-react";
import { useStore } from "zustand";
import { useChosenSet } from "../../state/builds/chosen-set.ts";
import { runCommand } from "../../state/commands/commands.ts";
import { library } from "../../state/connection/app-state.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { moveInList } from "../../ui/list-keys.ts";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { ArchiveItem } from "./archive-item.tsx";
import "./library.css";
import { SetItem } from "./set-item.tsx";

/** All image sets with their two images, and imported archives. */
export function LibraryView() {
  const value = useStore(library, (state) => state.value);
  const chosen = useChosenSet();
  if (!value) return <p className="library-waiting">Looking for image sets…</p>;
  if (value.sets.length === 0 && value.archives.length === 0) return <EmptyLibrary />;
  return (
    <div className="library" onKeyDownCapture={(event) => moveInList(event, "button")}>
      <LibraryHead title="Image sets" command="library.new-set" label="New image set" icon={Plus} />
      <ul>
        {value.sets.map((set) => (
          <SetItem key={set.folder} set={set} isChosen={set.folder === chosen?.folder} />
        ))}
      </ul>
      <LibraryHead
        title="Imported archives"
        command="library.open-archive"
        label="Open an archive"
        icon={FolderOpen}
      />
      {value.archives.length === 0 && <p className="library-note">No archive imported yet.</p>}
      <ul>
        {value.archives.map((archive) => (
          <ArchiveItem key={archive.path} archive={archive} />
        ))}
      </ul>
    </div>
  );
}

interface HeadProps {
  readonly title: string;
  readonly command: string;
  readonly label: string;
  readonly icon: typeof Archive;
}

function LibraryHead({ title, command, label, icon }: HeadProps) {
  return (
    <header className="library-head">
      <h2>{title}</h2>
      <IconButton icon={icon} label={label} onClick={() => runCommand(command)} />
    </header>
  );
}

function EmptyLibrary() {
  return (
    <EmptyState icon={Package} title="No image set yet">
      <p>
        An image set is a folder with a recipe. It makes a setup image from an ISO, and a worker image from
        that.
      </p>
      <Button look="primary" icon={Plus} onClick={() => runCommand("library.new-set")}>
        New image set
      </Button>
      <Button look="quiet" icon={FolderOpen} onClick={() => runCommand("library.open-archive")}>
        Open an archive
      </Button>
    </EmptyState>
  );
}
