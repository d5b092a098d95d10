import { openDialog } from "../messages/dialogs.ts";
import type { DroppedItem } from "./dropped-items.ts";
import { startUploads } from "./uploads.ts";

/** The properties of an element on which files are dropped for a guest. */
export interface GuestDropProperties {
  readonly "data-drop-session"?: string;
  readonly "data-drop-folder"?: string;
}

/** A part of the window on which files are dropped for a guest. */
export interface GuestDropTarget {
  readonly session: string;
  /** The folder in the guest; a person is asked without it. */
  readonly folder: string | undefined;
  /** The element of the part. */
  readonly element: HTMLElement;
}

/**
 * Makes an element a target for dropped files.
 *
 * @param isPossible whether the session's guest can get files now
 * @param folder in the guest, if it is known
 */
export function guestDrop(session: string, isPossible: boolean, folder?: string): GuestDropProperties {
  if (!isPossible) return {};
  return { "data-drop-session": session, ...(folder?.startsWith("/") && { "data-drop-folder": folder }) };
}

/** Finds the part that the pointer is in; undefined if it takes no files for a guest. */
export function findGuestDrop(target: EventTarget | null): GuestDropTarget | undefined {
  if (!(target instanceof Element)) return undefined;
  const element = target.closest<HTMLElement>("[data-drop-session]");
  const { dropSession: session, dropFolder: folder } = element?.dataset ?? {};
  return element && session !== undefined ? { session, folder, element } : undefined;
}

/** Copies dropped files into a guest, after it has asked where if that is not known. */
export function dropIntoGuest({ session, folder }: GuestDropTarget, items: readonly DroppedItem[]): void {
  if (items.length === 0) return;
  if (folder === undefined) openDialog({ name: "put", session, items });
  else void startUploads(session, items, folder);
}
