import { mkdirSync, writeFileSync } from "node:fs";
import { type Paths, sessionPaths } from "../../core/storage/paths.ts";

/** Leaves settings and a session as a newer Tinsmith might. @returns the settings' text and the session's folder */
export function leaveNewerFiles(paths: Paths): { readonly settings: string; readonly session: string } {
  const settings = '{"version": 3, "theme": {"day": "light", "night": "dark"}}';
  writeFileSync(paths.settings, settings);
  const { folder, events } = sessionPaths(paths, "20270101-120000-0a1b");
  mkdirSync(folder);
  writeFileSync(events, '{"version":2,"seq":1,"type":"began"}\n');
  return { settings, session: folder };
}
