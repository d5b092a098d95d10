import { z } from "zod";
import { errorDataSchema } from "./error-schema.ts";

export const themes = ["system", "light", "dark"] as const;
export const accelerators = ["auto", "tcg"] as const;

/** What a person sets for the app, kept in settings.json. */
export const settingsSchema = z.object({
  theme: z.enum(themes).default("system"),
  /** `auto`: KVM where it works; `tcg`: always emulated. */
  accelerator: z.enum(accelerators).default("auto"),
  /** Leaves the guest of a build that fails running, until a person ends it. */
  keepFailed: z.boolean().default(false),
  /** Folders whose subfolders with a recipe.yaml are the library's image sets. */
  workspaces: z.array(z.string()).default([]),
  /** Archives opened from elsewhere. */
  archives: z.array(z.string()).default([]),
  /** Folders in which programs such as QEMU are looked for before the PATH. */
  toolFolders: z.array(z.string()).default([]),
});
export type Settings = z.infer<typeof settingsSchema>;
/** The settings that hold now. */
export const currentSettingsSchema = settingsSchema.extend({
  /** Why these are the defaults, and can't be changed: their file can't be read. */
  problem: errorDataSchema.optional(),
});
export type CurrentSettings = z.infer<typeof currentSettingsSchema>;
/** Some of the settings, to be changed. */
export const settingsChangeSchema = settingsSchema.partial();
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
