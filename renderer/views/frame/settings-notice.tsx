import { settings } from "../../state/app-state.ts";
import { runCommand } from "../../state/commands.ts";
import { useStore } from "../../state/store.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";

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
