import { useStore } from "zustand";
import type { WindowState } from "../../../shared/app/window-state.ts";
import { remember, windowState } from "../../state/connection/window-state.ts";

type ShownParts = NonNullable<WindowState["editorParts"]>;

/** The parts of the machine editor that can be put away. */
export interface Parts {
  readonly shown: ShownParts;
  readonly toggle: (part: keyof ShownParts) => void;
}

const allParts: ShownParts = { form: true, command: true };

/** The parts that are shown; remembered for the next file. */
export function useParts(): Parts {
  const shown = useStore(windowState, (state) => state.editorParts) ?? allParts;
  const toggle: Parts["toggle"] = (part) => remember({ editorParts: { ...shown, [part]: !shown[part] } });
  return { shown, toggle };
}
