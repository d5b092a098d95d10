import { createStore } from "zustand/vanilla";
import { type Part, partId } from "./parts.ts";

/** A part that is drawn somewhere in this window. */
export interface OpenPart extends Part {
  /** The element that it is drawn in. It moves with the part, so that a shell or a console continues unchanged. */
  readonly host: HTMLElement;
  /** Whether it is the one that is worked in. */
  readonly isActive: boolean;
  readonly isVisible: boolean;
  /** Until then it is not drawn: nobody has looked at it. */
  readonly wasVisible: boolean;
}

/** The parts that are open, by their ids. */
export const openParts = createStore<Readonly<Record<string, OpenPart>>>(() => ({}));

/** Opens a part where it is not open. @returns the element that it is drawn in */
export function openPart(part: Part): HTMLElement {
  const known = openParts.getState()[partId(part)];
  if (known) return known.host;
  const host = document.createElement("div");
  host.className = "part-host";
  openParts.setState({
    [partId(part)]: { ...part, host, isActive: false, isVisible: false, wasVisible: false },
  });
  return host;
}

/** Sets the place of a part, and whether it is visible there. */
export function placePart(id: string, place: Pick<OpenPart, "isActive" | "isVisible">): void {
  openParts.setState(({ [id]: part }) => {
    const wasVisible = part?.wasVisible || place.isVisible;
    return part ? { [id]: { ...part, ...place, wasVisible } } : {};
  });
}

/** Removes the view of a part. */
export function forgetPart(id: string): void {
  openParts.setState(({ [id]: _, ...others }) => others, true);
}
