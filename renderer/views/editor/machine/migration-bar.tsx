import { History } from "lucide-react";
import { Button } from "../../../ui/button.tsx";

interface MigrationBarProps {
  /** Whether the two versions are shown side by side. */
  readonly isShown: boolean;
  readonly onShow: (wanted: boolean) => void;
  readonly onMigrate: () => void;
}

/** Offers to convert a definition of version 0 to version 1, and shows the changes first. */
export function MigrationBar({ isShown, onShow, onMigrate }: MigrationBarProps) {
  return (
    <div className="editor-bar" role="status">
      <History size={16} aria-hidden />
      <p>
        {isShown
          ? "The same hardware, in version 1. Version 0's fixed settings are written out."
          : "This definition has version 0. It still works, but version 1 has more settings."}
      </p>
      {isShown ? (
        <>
          <Button onClick={() => onShow(false)}>Cancel</Button>
          <Button look="primary" onClick={onMigrate}>
            Migrate
          </Button>
        </>
      ) : (
        <Button onClick={() => onShow(true)}>Migrate to version 1…</Button>
      )}
    </div>
  );
}
