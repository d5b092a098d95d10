import { z } from "zod";

/** Characters of a path or a name. */
const maxName = 4_096;
/** Characters of a command: as long as Linux lets one argument be. */
const maxCommand = 128 * 1024;
/** Images whose last run is remembered, sets whose last installation is, and variables of a run. */
export const maxRuns = 50;
const maxVariables = 200;
/** Characters: a window with a hundred panels takes a tenth of it. */
const maxLayout = 256 * 1024;

/** Pixels: wider than any screen. */
export const maxColumnWidth = 4_096;
/** Columns whose width is remembered. */
const maxColumns = 50;

/** Pixels of the text in terminals. */
export const fontSizes = { least: 8, usual: 13, most: 32 } as const;

const rememberedRunSchema = z.object({
  command: z.string().max(maxCommand),
  /** Names of the variables, and never their values, which may be secrets. */
  variables: z.array(z.string().max(maxName)).max(maxVariables),
  /** Seconds and MiB, as they were typed; empty for none. */
  timeout: z.string().max(maxName),
  memory: z.string().max(maxName),
  keepAlive: z.boolean(),
  /** Whether the command has a terminal. */
  terminal: z.boolean().default(true),
  /** Forwarded ports, as they were typed. */
  forward: z.string().max(maxName).default(""),
  /** Whether the packets of the network are recorded: each time in another file. */
  recordsNetwork: z.boolean().default(false),
  /** Whether it boots, and does not continue from a saved state. */
  boots: z.boolean().default(false),
});
export type RememberedRun = z.infer<typeof rememberedRunSchema>;

const rememberedInstallSchema = z.object({
  /** The medium that was chosen. */
  source: z.enum(["recipe", "file", "address"]),
  path: z.string().max(maxName),
  url: z.string().max(maxName),
  sha256: z.string().max(maxName),
  /** The boot entry of that path; empty for the CD. */
  bootEntry: z.string().max(maxName),
  machine: z.string().max(maxName),
  /** A file with install steps; absent for a person. */
  steps: z.string().max(maxName).optional(),
  /** GiB and MiB as they were typed; absent if nobody has typed them. */
  size: z.string().max(maxName).optional(),
  memory: z.string().max(maxName).optional(),
});
export type RememberedInstall = z.infer<typeof rememberedInstallSchema>;

/** The window's state of this user, kept from one start to the next; an absent value means its default. */
export const windowStateSchema = z.object({
  /** The layout of the panels, as the panels' library writes it. */
  layout: z.string().max(maxLayout).optional(),
  /** The folder of the image set that the toolbar's buttons mean. */
  chosenSet: z.string().max(maxName).optional(),
  /** The shown parts of the machine editor. */
  editorParts: z.object({ form: z.boolean(), command: z.boolean() }).optional(),
  /** Whether long lines of a task's log are wrapped. */
  wrapsLog: z.boolean().optional(),
  /** Widths of columns in pixels, by their names: those of the Action log, and the trees of images; an absent one has its usual width. */
  columns: z
    .record(z.string().max(maxName), z.int().min(0).max(maxColumnWidth))
    .refine((columns) => Object.keys(columns).length <= maxColumns)
    .optional(),
  fontSize: z.int().min(fontSizes.least).max(fontSizes.most).optional(),
  /** The last runs, by the image's path, the latest last. */
  runs: z.record(z.string().max(maxName), rememberedRunSchema).optional(),
  /** The last installations by hand, by the image set's folder, the latest last. */
  installs: z.record(z.string().max(maxName), rememberedInstallSchema).optional(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/**
 * Some of the state, changed: each key that is there replaces the one before, but for runs and installations, of which
 * each image's or set's does.
 * Two windows therefore lose nothing of each other's but what both have changed.
 */
export function changeWindowState(current: WindowState, change: WindowState): WindowState {
  return {
    ...current,
    ...change,
    ...(change.runs && { runs: latest(current.runs, change.runs) }),
    ...(change.installs && { installs: latest(current.installs, change.installs) }),
  };
}

function latest<Form>(before: Readonly<Record<string, Form>> = {}, change: Readonly<Record<string, Form>>) {
  const others = Object.entries(before).filter(([name]) => !(name in change));
  return Object.fromEntries([...others, ...Object.entries(change)].slice(-maxRuns));
}
