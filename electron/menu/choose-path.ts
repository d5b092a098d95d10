import { type BrowserWindow, dialog } from "electron";
import type { PathQuestion } from "../../shared/contracts/desktop-contract.ts";

/** Asks for a path in a dialog of the system's. @returns null when none was chosen */
export async function choosePath(window: BrowserWindow, question: PathQuestion): Promise<string | null> {
  const { title, kind, filters = [], startAt } = question;
  const common = { title, filters, ...(startAt && { defaultPath: startAt }) };
  if (kind === "new-file") {
    const { canceled, filePath } = await dialog.showSaveDialog(window, common);
    return canceled ? null : filePath;
  }
  const property = kind === "folder" ? "openDirectory" : "openFile";
  const { filePaths } = await dialog.showOpenDialog(window, { ...common, properties: [property] });
  return filePaths[0] ?? null;
}
