import { existsSync } from "node:fs";
import { toAppError } from "../../shared/errors.ts";
import {
  type CurrentSettings,
  type Settings,
  type SettingsChange,
  settingsSchema,
} from "../../shared/settings.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../files/versioned-json.ts";
import type { Paths } from "../paths.ts";

const format: VersionedFormat<Settings> = {
  what: "settings",
  schema: settingsSchema,
  // A file that a person wrote may leave the version out.
  migrations: [(settings) => settings],
};

/**
 * Reads the settings; what is not set has its default.
 *
 * @throws AppError when the file is damaged, or of a newer version: it is left as it is.
 */
export function readSettings(paths: Paths): Settings {
  return existsSync(paths.settings) ? readVersioned(paths.settings, format) : settingsSchema.parse({});
}

/** The settings that hold now: the defaults, and why, when the file can't be read. */
export function currentSettings(paths: Paths): CurrentSettings {
  try {
    return readSettings(paths);
  } catch (thrown) {
    return { ...settingsSchema.parse({}), problem: toAppError(thrown).toJSON() };
  }
}

/** Changes some settings and returns all of them. @throws AppError as `readSettings`, and then changes nothing */
export function changeSettings(paths: Paths, change: SettingsChange): Settings {
  const settings = settingsSchema.parse({ ...readSettings(paths), ...change });
  writeVersioned(paths.settings, format, settings);
  return settings;
}
