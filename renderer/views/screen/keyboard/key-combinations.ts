/** Keys that are pressed together in the guest. */
interface KeyCombination {
  /** For people, such as "Ctrl+Alt+Delete". */
  readonly title: string;
  /** For the id of a command, such as "ctrl-alt-delete". */
  readonly name: string;
  /** As QEMU names them. */
  readonly keys: readonly string[];
}

/** Combinations that a browser, or the host's system, does not give to a page: the *Keys* menu of a screen presses them. */
export const keyCombinations: readonly KeyCombination[] = [
  "Ctrl+Alt+Delete",
  "Ctrl+Alt+Backspace",
  ...[1, 2, 3, 4, 5, 6].map((number) => `Ctrl+Alt+F${number}`),
  "Alt+Tab",
  "Alt+F4",
  "Alt+SysRq",
  "Windows",
].map((title) => {
  const names = title.toLowerCase().split("+");
  return { title, name: names.join("-"), keys: names.map((name) => qemuName(name)) };
});

function qemuName(key: string): string {
  return key === "windows" ? "meta_l" : key;
}
