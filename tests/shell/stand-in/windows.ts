/** What the app asks of its windows when it quits. */
export interface ClosableWindow {
  /** Closes it, unless the app or the page forbids that. @returns whether it is closed */
  closeIfWanted(): Promise<boolean>;
}

const windows = new Set<ClosableWindow>();

export function allWindows(): readonly ClosableWindow[] {
  return [...windows];
}

export function addWindow(window: ClosableWindow): () => void {
  windows.add(window);
  return () => windows.delete(window);
}
