import { useEffect, useRef } from "react";
import { type Command, registerCommands } from "./commands.ts";

/**
 * Registers the commands of the panel of its kind that was used last, in place of the last one's.
 *
 * @param isActive whether this is the panel that is worked in
 * @param commands must be the same array as long as nothing in it changes; none are offered when it is not there
 */
export function usePanelCommands(isActive: boolean, commands: readonly Command[] | undefined): void {
  const takeBack = useRef(() => {});
  useEffect(() => () => takeBack.current(), [commands]);
  useEffect(() => {
    if (!commands || !isActive) return;
    takeBack.current();
    takeBack.current = registerCommands(commands);
  }, [isActive, commands]);
}
