import { useState } from "react";

const storageKey = "tinsmith.editor-parts";

/** The parts of the machine editor that can be put away. */
export interface Parts {
  readonly shown: { readonly form: boolean; readonly command: boolean };
  readonly toggle: (part: "form" | "command") => void;
}

/** Which parts are shown; remembered for the next file. */
export function useParts(): Parts {
  const [shown, setShown] = useState<Parts["shown"]>(() => ({
    form: true,
    command: true,
    ...JSON.parse(localStorage.getItem(storageKey) ?? "{}"),
  }));
  const toggle: Parts["toggle"] = (part) => {
    const next = { ...shown, [part]: !shown[part] };
    localStorage.setItem(storageKey, JSON.stringify(next));
    setShown(next);
  };
  return { shown, toggle };
}
