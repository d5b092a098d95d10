/** The keys that leave a screen, which takes all others: pressed together, and nothing with them. */
export const releaseKeys = "Ctrl+Alt";
const codes: ReadonlySet<string> = new Set(["ControlLeft", "AltLeft"]);

/** Listens for those keys in an element. @returns a function that ends it */
export function listenForRelease(element: HTMLElement, onRelease: () => void): () => void {
  const down = new Set<string>();
  let isAlone = true;
  const onKeyDown = ({ code }: KeyboardEvent) => {
    if (down.size === 0) isAlone = true;
    if (codes.has(code)) down.add(code);
    else isAlone = false;
  };
  const onKeyUp = ({ code, isTrusted }: KeyboardEvent) => {
    // An event that releases a key only in the guest: see held-keys.ts.
    if (!isTrusted) return;
    const wereBoth = down.size === codes.size;
    if (down.delete(code) && wereBoth && isAlone) onRelease();
  };
  const forget = () => down.clear();
  const options = { capture: true } as const;
  element.addEventListener("keydown", onKeyDown, options);
  element.addEventListener("keyup", onKeyUp, options);
  element.addEventListener("focusout", forget, options);
  return () => {
    element.removeEventListener("keydown", onKeyDown, options);
    element.removeEventListener("keyup", onKeyUp, options);
    element.removeEventListener("focusout", forget, options);
  };
}
