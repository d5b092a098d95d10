import { useStore } from "zustand";
import { keptCheckpoints } from "../../state/connection/app-state.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { MenuItem } from "../../ui/menu.tsx";

/** The item of an archive's menu for its kept checkpoints, if it has some. */
export function KeptCheckpointsItem({ archive }: { readonly archive: string }) {
  const hasSome = useStore(keptCheckpoints, ({ value }) => value?.some((one) => one.archive === archive));
  if (!hasSome) return null;
  return (
    <MenuItem onSelect={() => openDialog({ name: "kept-checkpoints", archive })}>
      Start from a checkpoint…
    </MenuItem>
  );
}
