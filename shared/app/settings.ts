import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";

export const themes = ["system", "light", "dark"] as const;
export const accelerators = ["auto", "tcg"] as const;

/** The most that can be set. */
export const retentionLimits = { sessions: 100_000, gib: 1_000_000 } as const;

/** Dozens of unpacked images with their states, which take some hundreds of MB each. */
export const defaultCacheGib = 20;

/**
 * The limits of what Tinsmith keeps: the data of ended sessions, of which more is deleted when the next session starts, and
 * the cache.
 */
export const retentionSchema = z.object({
  /** How many sessions. */
  sessions: z.int().min(1).max(retentionLimits.sessions).default(50),
  /** GiB that they take together, without the work of failed builds. */
  sessionsGib: z.number().positive().max(retentionLimits.gib).default(1),
  /**
   * GiB that the cache takes: ISOs, unpacked images, saved states, and the work of failed builds that a retry can resume
   * from. The entries that were not used for the longest time are deleted first.
   */
  cacheGib: z.number().positive().max(retentionLimits.gib).default(defaultCacheGib),
});
export type Retention = z.infer<typeof retentionSchema>;

/** The person's settings for the app, kept in settings.json. */
export const settingsSchema = z.object({
  theme: z.enum(themes).default("system"),
  /** `auto`: KVM if it works; `tcg`: always emulated. */
  accelerator: z.enum(accelerators).default("auto"),
  /** Whether screen readers read consoles and shells, which costs speed. */
  screenReader: z.boolean().default(false),
  /** Leaves the guest of a build that fails running, until a person ends it. */
  keepFailed: z.boolean().default(false),
  /** Folders whose subfolders with a recipe.yaml are the library's image sets. */
  workspaces: z.array(z.string()).default([]),
  /** Imported archives. */
  archives: z.array(z.string()).default([]),
  /** Folders in which programs such as QEMU are looked for before the PATH. */
  toolFolders: z.array(z.string()).default([]),
  retention: retentionSchema.prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;
/** The settings that hold now. */
export const currentSettingsSchema = settingsSchema.extend({
  /** The reason why these are the defaults, and can't be changed: their file can't be read. */
  problem: errorDataSchema.optional(),
});
export type CurrentSettings = z.infer<typeof currentSettingsSchema>;
/** Some of the settings, to be changed. */
export const settingsChangeSchema = settingsSchema.partial();
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
