import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";

const nothing = z.void();

/** The names that a dialog shows, as in `{ name: "ISO images", extensions: ["iso"] }`. */
const fileFilterSchema = z.object({ name: z.string(), extensions: z.array(z.string()) });

const pathQuestionSchema = z.object({
  title: z.string(),
  kind: z.enum(["file", "folder", "new-file"]),
  filters: z.array(fileFilterSchema).default([]),
  /** A path to begin at. */
  startAt: z.string().optional(),
});
/** A thing that a person is to choose in a dialog of the system. */
export type PathQuestion = z.input<typeof pathQuestionSchema>;

const menuCommandSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Its heading in the palette. */
  group: z.string(),
  /** The keys as the palette has them, such as "Ctrl+Shift+B". */
  keys: z.string().optional(),
  isAvailable: z.boolean(),
});
/** One of the palette's commands, as the menu shows it. */
export type MenuCommand = z.infer<typeof menuCommandSchema>;

const windowRequestSchema = z.discriminatedUnion("type", [
  /** A command was chosen in the menu. */
  z.object({ type: z.literal("command"), id: z.string() }),
  /** A file or folder is to be opened: from the file manager, the recent ones, or a second start. */
  z.object({ type: z.literal("open"), path: z.string() }),
  /** A session is to be shown, whose end was notified. */
  z.object({ type: z.literal("session"), id: z.string() }),
]);
/** A request to the window from outside of it. */
export type WindowRequest = z.infer<typeof windowRequestSchema>;

/** The operations of a desktop for the window, which a browser can't do. */
export const desktopContract = {
  /** Lets a person choose a path in a dialog of the system's; null when they chose none. */
  choosePath: oc.input(pathQuestionSchema).output(z.object({ path: z.string().nullable() })),
  /** Sets the commands that the menu offers: the palette's, in place of earlier ones. */
  registerCommands: oc.input(z.array(menuCommandSchema)).output(nothing),
  /** Puts a path first among the menu's recent ones. */
  rememberPath: oc.input(z.object({ path: z.string() })).output(nothing),
  /** Requests to the window from now on; earlier ones that nobody has received come first. */
  windowRequests: oc.output(eventIterator(windowRequestSchema)),
  /** The sessions that ran when the app ended last, by their ids, until they are forgotten. */
  endedSessions: oc.output(z.object({ sessions: z.array(z.string()) })),
  forgetEndedSessions: oc.output(nothing),
  /** Sets the files with changes that are not saved, by their paths. */
  tellUnsaved: oc.input(z.object({ files: z.array(z.string()) })).output(nothing),
};
export type DesktopContract = typeof desktopContract;

/** Sent over the page's port, with another port: that one is to carry the channel of this path. */
export const openChannelSchema = z.object({ open: z.string() });
