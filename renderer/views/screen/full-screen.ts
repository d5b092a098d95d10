import { type RefObject, useEffect, useState } from "react";

/** Whether an element has the whole screen. */
export function useFullScreen(element: RefObject<HTMLElement | null>): boolean {
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const onChange = () =>
      setFull(document.fullscreenElement === element.current && element.current !== null);
    document.addEventListener("fullscreenchange", onChange);
    return () => document.removeEventListener("fullscreenchange", onChange);
  }, [element]);
  return isFull;
}

/** A property of some browsers: there, the guest gets keys such as Ctrl+W and Escape. */
interface LockableKeyboard {
  readonly keyboard?: { lock?(): Promise<void> };
}

/** Gives an element the whole screen, or takes it back. */
export async function toggleFullScreen(element: HTMLElement | null): Promise<void> {
  if (document.fullscreenElement) return await document.exitFullscreen();
  await element?.requestFullscreen();
  await (navigator as LockableKeyboard).keyboard?.lock?.();
}
