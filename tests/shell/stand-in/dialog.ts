import type * as Electron from "electron";

/** A test puts answers of its own in the place of these; without them, a person cancels. */
export const dialog = {
  showMessageBox: async (...given: unknown[]) => ({
    response: cancelOf(given.at(-1)),
    checkboxChecked: false,
  }),
  showMessageBoxSync: (...given: unknown[]) => cancelOf(given.at(-1)),
  showOpenDialog: async (..._given: unknown[]) => ({ canceled: true, filePaths: [] as string[] }),
  showSaveDialog: async (..._given: unknown[]) => ({ canceled: true, filePath: "" }),
  showErrorBox: (_title: string, _content: string) => {},
} satisfies Pick<
  Electron.Dialog,
  "showMessageBox" | "showMessageBoxSync" | "showOpenDialog" | "showSaveDialog" | "showErrorBox"
>;

function cancelOf(options: unknown): number {
  return (options as Electron.MessageBoxOptions).cancelId ?? 0;
}
