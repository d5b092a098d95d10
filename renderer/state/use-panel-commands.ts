import type { DockviewPanelApi } from "dockview-react";
import { useEffect } from "react";
import { type Command, offerCommands } from "./commands.ts";

/**
 * Offers what can be done with the panel of its kind that was used last, in place of what the last one offered.
 *
 * @param commands must be the same array as long as nothing in it changes; none are offered when it is not there
 */
export function usePanelCommands(api: DockviewPanelApi, commands: readonly Command[] | undefined): void {
  useEffect(() => {
    if (!commands) return;
    let takeBack = () => {};
    const offer = () => {
      takeBack();
      takeBack = offerCommands(commands);
    };
    if (api.isActive) offer();
    const listening = api.onDidActiveChange(({ isActive }) => isActive && offer());
    return () => {
      listening.dispose();
      takeBack();
    };
  }, [api, commands]);
}
