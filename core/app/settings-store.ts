import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../../shared/errors.ts";
import { type Settings, type SettingsChange, settingsSchema } from "../../shared/settings.ts";
import type { Paths } from "../paths.ts";

/**
 * Reads the settings; what is not set has its default.
 *
 * @throws AppError `usage` when the file is damaged, or of a newer version: it is left as it is.
 */
export function readSettings(paths: Paths): Settings {
  if (!existsSync(paths.settings)) return settingsSchema.parse({});
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(paths.settings, "utf8")));
  } catch (cause) {
    throw new AppError(
      {
        code: "usage",
        message: `the settings in ${paths.settings} can't be read`,
        advice:
          "They are damaged, or a newer Tinsmith wrote them. Move the file away to begin with the defaults.",
      },
      { cause },
    );
  }
}

/** Changes some settings and returns all of them. */
export function changeSettings(paths: Paths, change: SettingsChange): Settings {
  const settings = settingsSchema.parse({ ...readSettings(paths), ...change });
  mkdirSync(dirname(paths.settings), { recursive: true });
  writeFileSync(`${paths.settings}.partial`, `${JSON.stringify(settings, null, 2)}\n`);
  renameSync(`${paths.settings}.partial`, paths.settings);
  return settings;
}
