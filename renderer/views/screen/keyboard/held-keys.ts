/** The keys that a person holds in a screen. */
interface HeldKeys {
  /**
   * Releases all of them, as if the person did: no key stays pressed in the guest when a person leaves the screen.
   */
  release(): void;
}

/**
 * Watches the keys that are pressed in an element, and releases them when it loses the focus, since it gets no event
 * of their release then, and when the page is left.
 */
export function watchHeldKeys(element: HTMLElement, signal: AbortSignal): HeldKeys {
  const held = new Map<string, { readonly key: string; readonly target: EventTarget }>();
  const release = () => {
    for (const [code, { key, target }] of held)
      target.dispatchEvent(new KeyboardEvent("keyup", { code, key, bubbles: true }));
    held.clear();
  };
  const onKeyDown = ({ code, key, target }: KeyboardEvent) => {
    if (target) held.set(code, { key, target });
  };
  const options = { capture: true, signal } as const;
  element.addEventListener("keydown", onKeyDown, options);
  element.addEventListener("keyup", ({ code }) => held.delete(code), options);
  element.addEventListener("focusout", release, options);
  window.addEventListener("pagehide", release, { signal });
  return { release };
}
