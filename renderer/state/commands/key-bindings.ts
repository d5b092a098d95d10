/** The place where keys have a meaning: everywhere, or in the focused element. */
type KeyPlace =
  | "Everywhere"
  | "Consoles and shells"
  | "Screen"
  | "Comparisons"
  | "Files"
  | "Lists"
  | "Searches";

/** Keys with their effect. */
export interface KeyBinding {
  /** As in "Ctrl+Shift+P". */
  readonly keys: string;
  readonly place: KeyPlace;
  readonly does: string;
  /** The commands that they run, of which one at most is there at a time; without them, what has the focus takes the keys. */
  readonly commands?: readonly string[];
}

/** All keys of the window. */
export const keyBindings: readonly KeyBinding[] = [
  bind("Ctrl+K", "Everywhere", "Show all commands", "palette"),
  bind("Ctrl+Shift+P", "Everywhere", "Show all commands, also from a console", "palette.anywhere"),
  bind("Ctrl+Shift+B", "Everywhere", "Rebuild the worker image", "build.worker"),
  bind("Ctrl+Shift+E", "Everywhere", "Run an image…", "run.start"),
  // A desktop opens all kinds of files, a browser archives only.
  bind("Ctrl+O", "Everywhere", "Open", "file.open", "library.open-archive"),
  bind("Ctrl+1", "Everywhere", "Library", "view.library"),
  bind("Ctrl+2", "Everywhere", "Sessions", "view.sessions"),
  bind("F8", "Everywhere", "Notices"),
  bind("F6", "Everywhere", "Next panel", "view.next"),
  bind("Shift+F6", "Everywhere", "Previous panel", "view.previous"),
  bind("Ctrl+Shift+X", "Everywhere", "Close this panel", "view.close"),
  bind("Ctrl+,", "Everywhere", "Settings…", "settings"),
  bind("Ctrl+S", "Everywhere", "Save the last used file", "editor.save"),
  bind("F7", "Comparisons", "Next difference", "compare.next"),
  bind("Shift+F7", "Comparisons", "Previous difference", "compare.previous"),
  bind("Ctrl+Shift+F", "Consoles and shells", "Search", "serial.search"),
  bind("Ctrl+Shift+C", "Consoles and shells", "Copy the selection", "serial.copy"),
  bind("Ctrl+Shift+V", "Consoles and shells", "Paste", "serial.paste"),
  bind("Ctrl+Alt", "Screen", "Leave the screen, to which all other keys go"),
  bind("Ctrl+Z", "Files", "Undo"),
  bind("Ctrl+Y", "Files", "Redo"),
  bind("Ctrl+F", "Files", "Search"),
  bind("Ctrl+Space", "Files", "Show suggestions"),
  bind("Shift+Alt+F", "Files", "Format a machine definition"),
  bind("ArrowDown", "Lists", "Go to the next row"),
  bind("ArrowUp", "Lists", "Go to the previous row"),
  bind("Home", "Lists", "Go to the first row"),
  bind("End", "Lists", "Go to the last row"),
  bind("ArrowRight", "Lists", "Open a folder"),
  bind("ArrowLeft", "Lists", "Close a folder"),
  bind("Delete", "Lists", "Delete a session"),
  bind("Enter", "Searches", "Go to the next match"),
  bind("Shift+Enter", "Searches", "Go to the previous match"),
  bind("Escape", "Searches", "Close the search"),
];

/** The keys of a command. */
export function keysOf(command: string): string | undefined {
  return keyBindings.find(({ commands }) => commands?.includes(command))?.keys;
}

function bind(keys: string, place: KeyPlace, does: string, ...commands: string[]): KeyBinding {
  return { keys, place, does, ...(commands.length > 0 && { commands }) };
}
