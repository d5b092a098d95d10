import { createStore } from "zustand/vanilla";

/** The dialogs that are open, the last one on top. */
const openDialogs = createStore<{ readonly elements: readonly HTMLElement[] }>(() => ({ elements: [] }));

/** Takes note of an open dialog's element, as its `ref`. */
export function noteDialog(element: HTMLElement | null): (() => void) | undefined {
  if (!element) return undefined;
  openDialogs.setState(({ elements }) => ({ elements: [...elements, element] }));
  return () =>
    openDialogs.setState(({ elements }) => ({ elements: elements.filter((one) => one !== element) }));
}

/**
 * Keeps an element on top of everything: in the dialog that is open, which keeps the focus and the pointer to itself,
 * else in the element that has the whole screen, else in the page.
 *
 * @returns a function that removes the element
 */
export function keepOnTop(element: HTMLElement): () => void {
  const move = () => {
    const top = openDialogs.getState().elements.at(-1) ?? document.fullscreenElement ?? document.body;
    if (element.parentElement !== top) top.append(element);
  };
  move();
  const unsubscribe = openDialogs.subscribe(move);
  document.addEventListener("fullscreenchange", move);
  return () => {
    unsubscribe();
    document.removeEventListener("fullscreenchange", move);
    element.remove();
  };
}
