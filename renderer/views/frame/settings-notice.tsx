import { useStore } from "zustand";
import { runCommand } from "../../state/commands/commands.ts";
import { settings } from "../../state/connection/app-state.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/messages/notice.tsx";

/** Says that the settings can't be read, such as those of a newer Tinsmith. */
export function SettingsNotice() {
  const problem = useStore(settings, (state) => state.value?.problem);
  if (!problem) return null;
  return (
    <Notice
      actions={
        <Button look="quiet" onClick={() => runCommand("settings")}>
          Show settings
        </Button>
      }
    >
      The settings are the defaults: {problem.message}.
    </Notice>
  );
}
