import { existsSync } from "node:fs";
import {
  type CurrentSettings,
  defaultCacheGib,
  type Settings,
  type SettingsChange,
  settingsSchema,
} from "../../shared/app/settings.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import { changeVersioned, readVersioned, type VersionedFormat } from "../files/writing/versioned-json.ts";
import type { Paths } from "./paths.ts";

/** The file of the settings. */
export const settingsFormat: VersionedFormat<Settings> = {
  what: "settings",
  schema: settingsSchema,
  // A file that a person wrote may leave the version out.
  migrations: [(settings) => settings, withCacheLimit],
};

/**
 * Reads the settings; a value that is not set has its default.
 *
 * @throws AppError when the file is damaged, or of a newer version: it is left as it is.
 */
export function readSettings(paths: Paths): Settings {
  return existsSync(paths.settings)
    ? readVersioned(paths.settings, settingsFormat)
    : settingsSchema.parse({});
}

/** The settings that hold now: the defaults, and why, when the file can't be read. */
export function currentSettings(paths: Paths): CurrentSettings {
  try {
    return readSettings(paths);
  } catch (thrown) {
    return { ...settingsSchema.parse({}), problem: toAppError(thrown).toJSON() };
  }
}

/**
 * Changes some settings and returns all of them.
 *
 * @param change the new values, or a function that makes them from those that hold when nobody else can change them.
 * @throws AppError as `readSettings`, and then changes nothing
 */
export function changeSettings(
  paths: Paths,
  change: SettingsChange | ((current: Settings) => SettingsChange),
): Settings {
  return changeVersioned(paths.settings, settingsFormat, (kept) => {
    const current = kept ?? settingsSchema.parse({});
    return settingsSchema.parse({ ...current, ...(typeof change === "function" ? change(current) : change) });
  });
}

/** The work of failed builds had a limit of its own; now it is a part of the cache. */
function withCacheLimit(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { keptWorkGib, ...retention } = Object(settings.retention);
  if (typeof keptWorkGib !== "number") return settings;
  return { ...settings, retention: { ...retention, cacheGib: Math.max(keptWorkGib, defaultCacheGib) } };
}
