/** What a key chooses with one press; held down, it would choose again what it has just opened or begun. */
const chosenBy: Readonly<Record<string, string>> = {
  Enter: "button, a, summary, [role=menuitem], [role=dialog] input",
  " ": "button, [role=menuitem]",
};

/**
 * Lets a key that is held down press a button, or choose in a menu or a dialog, only once; nor does it go on in what has
 * the focus since: a dialog that it has opened, or a guest's console below one that it has closed.
 *
 * @returns what ends that
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
