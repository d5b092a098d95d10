/** The elements that a press of a key chooses. */
const chosenBy: Readonly<Record<string, string>> = {
  Enter: "button, a, summary, [role=menuitem], [role=dialog] input",
  " ": "button, [role=menuitem]",
};

/**
 * Lets a key that is held down press a button, or choose in a menu or a dialog, only once. Its repeats do not reach
 * the element that has the focus since: a dialog that it has opened, or a guest's console below one that it has
 * closed.
 *
 * @returns a function that ends it
 */
export function chooseOncePerPress(): () => void {
  let pressedIn: EventTarget | null = null;
  const onKeyDown = (event: KeyboardEvent) => {
    const { target, repeat, key } = event;
    if (!repeat) pressedIn = target;
    const chosen = chosenBy[key];
    if (!repeat || chosen === undefined || !(target instanceof Element)) return;
    if (target === pressedIn && !target.matches(chosen)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("keydown", onKeyDown, { capture: true });
  return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
}
