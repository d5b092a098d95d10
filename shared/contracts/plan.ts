import { z } from "zod";
import { AppError } from "../errors/errors.ts";
import { choice, describeIssues, schemaIssues, strictObject, wholeNumber } from "../errors/schema-issues.ts";
import { imageKinds } from "../library/library.ts";
import { limits } from "../limits.ts";
import { bootEntrySchema, chosenIsoSchema } from "../recipe/recipe.ts";
import { variablesSchema } from "../recipe/typed-text.ts";
import { rulesFileSchema } from "../rules/rules-file.ts";
import { repeatsHostPort } from "../session/port-forward.ts";

/** The version of the plans that this Tinsmith makes and performs. It rises with each change of the schema. */
export const planVersion = 10;
/** The oldest version of plans that it still performs. Later ones have only more keys, none of which a plan needs. */
const oldestPlanVersion = 9;

/** VNC counts its displays from this port on, and QEMU takes no lower one. */
export const leastVncPort = 5900;

const text = (rule: string) => z.string({ error: rule });
const path = text("must be a path").startsWith("/", "must be an absolute path");
const flag = z.boolean({ error: "must be true or false" }).default(false);
const port = (least: number) => {
  const error = `must be a port from ${least} to ${limits.port}`;
  return z.int({ error, abort: true }).min(least, { error }).max(limits.port, { error });
};

const forwardedPort = strictObject({ host: port(1), guest: port(1) });

/** Whether a run may continue from a saved state: from one that is there, or from one that is made first if need be. */
const warm = choice(["never", "if-saved", "always"]).default("never");

/** The choices of every plan that starts a virtual machine. */
const virtualMachine = {
  /** MiB; without it, the memory of the machine definition. */
  memory: wholeNumber(limits.memory, " of MiB").optional(),
  /** Seconds after which the work fails. */
  timeout: wholeNumber(limits.timeout, " of seconds").optional(),
  /** A port of localhost on which VNC viewers see the screen. */
  vncPort: port(leastVncPort).optional(),
  /** Ports of localhost that lead to ports of the guest. */
  forward: z
    .array(forwardedPort)
    .refine((all) => !repeatsHostPort(all), "must name each port of the host once")
    .optional(),
  /**
   * Digests (SHA-256, hexadecimal) of images that a person has accepted: with this list, an image that was not made here
   * is booted only if its digest is in it. Without the list, such an image is booted with a warning.
   */
  trusted: z.array(z.string()).optional(),
};

/** The choices of every plan that makes an image. */
const build = {
  ...virtualMachine,
  /** Leaves the guest of a build that failed running until a person ends it. */
  keepFailed: flag,
};

/** Rules that apply from the start of a session. */
const rules = rulesFileSchema
  .extend({
    /** Breakpoints hold messages also before the first window watches. */
    waitForWindow: flag,
    /** The virtual machine runs while messages are held. */
    letVmRun: flag,
  })
  .optional();

const version = z.literal(planVersion);

/** Builds an image of an image set by the set's recipe. */
const rebuildPlan = strictObject({
  version,
  kind: z.literal("rebuild"),
  /** The folder of the image set. */
  folder: path,
  image: choice(imageKinds),
  ...build,
  /** The archive to write, in place of the set's own of that image. */
  output: path.optional(),
  /** The setup image that a worker image is made from, in place of the set's own. It must exist. */
  setupImage: path.optional(),
  /** Guest tools that are built already, in place of the recipe's: the binary, and its arguments in the guest. */
  guestTools: strictObject({ binary: path, run: z.array(z.string()).default([]) }).optional(),
  /** Replaces the recipe's ISO. */
  iso: chosenIsoSchema
    .refine((iso) => !("path" in iso) || iso.path.startsWith("/"), "must be an absolute path")
    .optional(),
  /**
   * The boot entry of the ISO whose kernel is booted in the ISO's place: its title or number; replaces the recipe's. Null
   * boots the CD.
   */
  bootEntry: bootEntrySchema.nullable().optional(),
  /** The machine definition of the setup image; replaces the recipe's. */
  machine: path.optional(),
  /** GiB of the setup image's disk; replaces the recipe's. */
  size: wholeNumber(limits.diskSize, " of GiB").optional(),
  /** Boots the setup image even if there is a saved state of it. */
  cold: flag,
  /** A file with install steps, in place of the recipe's. */
  steps: path.optional(),
  /** Values of variables of the install steps; they replace the recipe's. */
  variables: variablesSchema.optional(),
  /** Values of secrets of the install steps, which are never stored. */
  secrets: variablesSchema.optional(),
  /** A person installs the setup image, even if the recipe has install steps. */
  byHand: flag,
  rules,
  /** Builds also an image that is up to date. */
  force: flag,
  /** The archive is replaced even if the session has had rules. */
  replacesUnderRules: flag,
  /** The id of a failed session, which must be kept still, whose results are used again where their inputs have not changed. */
  retry: text("must be the id of a session").optional(),
});

/** Builds an image without a recipe: its guest runs until it powers off. */
const buildPlan = strictObject({
  version,
  kind: z.literal("build"),
  /** The archive to write. */
  output: path,
  source: z.discriminatedUnion("kind", [
    strictObject({
      kind: z.literal("new"),
      /** A machine definition. */
      machine: path,
      /** GiB of the new disk. */
      size: wholeNumber(limits.diskSize, " of GiB"),
    }),
    strictObject({
      kind: z.literal("image"),
      archive: path,
      /** GiB of the disk, at least those of the image's; without it, its size stays. */
      size: wholeNumber(limits.diskSize, " of GiB").optional(),
    }),
  ]),
  ...build,
  internet: flag,
  /** An ISO that the guest boots from while its disk doesn't boot. */
  bootIso: path.optional(),
  /** The boot entry of that ISO whose kernel is booted in the ISO's place: its title or number. */
  bootEntry: bootEntrySchema.optional(),
  /** The ISO of a data CD. */
  dataIso: path.optional(),
  /** Boots a kernel file instead of the disk. */
  kernel: strictObject({ kernel: path, initrd: path.optional(), append: z.string().optional() }).optional(),
});

const task = strictObject({
  /** The program and its arguments. */
  command: z.array(z.string()).min(1, "must name a program"),
  /** Environment variables by name. Their values may be secret. */
  env: z.record(z.string(), z.string()).default({}),
  /** False for a task without a terminal. */
  tty: z.boolean({ error: "must be true or false" }).optional(),
});

/** Boots an image and lets its guest tools run a task. */
const runPlan = strictObject({
  version,
  kind: z.literal("run"),
  /** The image; it is not changed. */
  archive: path,
  task,
  /** Leaves the guest running after the task's result. */
  keepAlive: flag,
  ...virtualMachine,
  internet: flag,
  warm,
  /** The name of the kept checkpoint from which it continues; the image, task, memory and internet are those of the checkpoint. */
  checkpoint: text("must be the name of a kept checkpoint").optional(),
  /** A new file for all packets of the guest's network. */
  pcap: path.optional(),
  rules,
});

/** Serves a task to guest tools on this host, without a virtual machine. */
const metaPlan = strictObject({
  version,
  kind: z.literal("meta"),
  /** A new unix socket, or a port of 127.0.0.1 (0: one that is free). */
  listen: z.union([strictObject({ socketPath: path }), strictObject({ port: port(0) })]),
  task,
  /** Keeps the guest running after the task's result. */
  keepAlive: flag,
  rules,
});

/** Runs scenarios one after another, each in a session of its own. */
const scenarioPlan = strictObject({
  version,
  kind: z.literal("scenario"),
  /** The scenarios. */
  files: z.array(path).min(1, "must name a scenario"),
  /** The image; it is not changed. */
  archive: path,
  trusted: virtualMachine.trusted,
});

/** Watches the sources of an image set's worker image, and checks each change. */
const watchPlan = strictObject({
  version,
  kind: z.literal("watch"),
  /** The folder of the image set. */
  folder: path,
  /** The command of each check; without it and scenarios, an empty one. */
  task: task.optional(),
  /** The scenario files of each check. */
  scenarios: z.array(path).min(1, "must name a scenario").optional(),
  /** MiB of the runs. */
  memory: virtualMachine.memory,
  /** Seconds after which a run fails. */
  timeout: virtualMachine.timeout,
  trusted: virtualMachine.trusted,
});

/**
 * Everything that a session is to do, as JSON: `core/plan/perform-plan.ts` performs it, whichever program made it.
 *
 * All paths are absolute, since the process that performs a plan has another working folder than its maker.
 */
export const planSchema = z.discriminatedUnion("kind", [
  rebuildPlan,
  buildPlan,
  runPlan,
  metaPlan,
  scenarioPlan,
  watchPlan,
]);
export type Plan = z.output<typeof planSchema>;
export type DirectBuildPlan = Extract<Plan, { kind: "build" }>;
export type RebuildPlan = Extract<Plan, { kind: "rebuild" }>;
export type RunPlan = Extract<Plan, { kind: "run" }>;
export type RulesPlan = z.output<typeof rules>;
export type ScenarioPlan = Extract<Plan, { kind: "scenario" }>;
export type WatchPlan = Extract<Plan, { kind: "watch" }>;
export type MetaPlan = Extract<Plan, { kind: "meta" }>;

type WithoutVersion<Kind> = Kind extends unknown ? Omit<Kind, "version"> : never;
/** A plan as its maker writes it: without the version, and without values that have a default. */
export type PlanInput = WithoutVersion<z.input<typeof planSchema>>;

/** Makes a plan of this version. @throws AppError `usage` whose details are all issues */
export function makePlan<Input extends PlanInput>(input: Input): Extract<Plan, Pick<Input, "kind">> {
  // The schema leaves the kind as it is, which TypeScript can't see.
  return parsePlan({ version: planVersion, ...input }) as Extract<Plan, Pick<Input, "kind">>;
}

/**
 * Reads a plan that another process, or another Tinsmith, has made.
 *
 * @throws AppError `usage` whose details are all issues; `newer-version` when a newer Tinsmith made it.
 */
export function parsePlan(data: unknown): Plan {
  const newer = z.looseObject({ version: z.int().gt(planVersion) }).safeParse(data);
  if (newer.success)
    throw new AppError({
      code: "newer-version",
      message: `the plan has version ${newer.data.version}, and this Tinsmith supports versions up to ${planVersion}`,
      advice: "Update Tinsmith.",
    });
  const older = z.looseObject({ version: z.int().min(oldestPlanVersion).lt(planVersion) }).safeParse(data);
  const result = planSchema.safeParse(older.success ? { ...older.data, version: planVersion } : data);
  if (result.success) return result.data;
  throw new AppError({
    code: "usage",
    message: "the build or run has invalid options",
    details: describeIssues(schemaIssues(result.error, data)),
    advice: "Correct the listed issues.",
  });
}
