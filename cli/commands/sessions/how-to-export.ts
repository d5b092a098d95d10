/** Tells the way from a crash report to a bug report. */
export function howToExport(id: string): string {
  return `For a bug report: tinsmith sessions export ${id}.`;
}
