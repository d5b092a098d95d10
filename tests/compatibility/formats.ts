import type { z } from "zod";
import { exitStatus } from "../../cli/support/exit-status.ts";
import { buildRecordFormat } from "../../core/builder/freshness/build-records.ts";
import { guestRules } from "../../core/conformance/guest/guest-rules.ts";
import { serviceRules } from "../../core/conformance/service/check-service.ts";
import type { VersionedFormat } from "../../core/files/writing/versioned-json.ts";
import { manifestFormat } from "../../core/manifest/manifest-file.ts";
import { sessionLogVersion } from "../../core/session-record/session-log-version.ts";
import { keptRecordSchema } from "../../core/states/kept-checkpoints.ts";
import { settingsFormat } from "../../core/storage/settings-store.ts";
import { findingSchema } from "../../shared/app/host.ts";
import { cacheEntrySchema } from "../../shared/cache/cache.ts";
import { keptCheckpointSchema } from "../../shared/checkpoint/checkpoint.ts";
import { contentEntrySchema } from "../../shared/contents/entry.ts";
import { planSchema, planVersion } from "../../shared/contracts/plan.ts";
import { errorCodes } from "../../shared/errors/error-data.ts";
import { isoFactsSchema } from "../../shared/library/iso-facts.ts";
import { machineSchema } from "../../shared/machine/machine-schema.ts";
import { matrixFileSchema } from "../../shared/matrix/matrix-schema.ts";
import { recipeSchema } from "../../shared/recipe/recipe.ts";
import { stepsFileSchema } from "../../shared/recipe/steps-file.ts";
import { rulesFileSchema } from "../../shared/rules/rules-file.ts";
import { scenarioSchema } from "../../shared/scenario/scenario.ts";
import { sessionDescriptionSchema } from "../../shared/session/session-description.ts";
import { sessionSummarySchema } from "../../shared/session/session-summary.ts";
import { allCommands } from "../docs/all-commands.ts";
import { describeSchema } from "./describe-schema.ts";
import { describeTypes } from "./describe-types.ts";

/** A file format or interface for which docs/compatibility.md promises something. */
export interface Format {
  /** The name of its record. */
  readonly name: string;
  /** Absent if it has only Tinsmith's own version. */
  readonly version?: number;
  readonly lines: readonly string[];
  /** Older readers refuse what they don't know: an addition needs a new version. */
  readonly isClosed?: true;
}

/** The JSON that commands print with `--json`, except events: types, and schemas by the names of their types. */
const printedTypes = [
  "ImageArchive",
  "InspectedRemote",
  "ScenarioResult",
  "BrokenRun",
  "RuleResult",
  "SessionComparison",
  "ImageComparison",
  "Verification",
  "MatrixEvent",
];
const printedSchemas = {
  SessionSummary: sessionSummarySchema,
  KeptCheckpoint: keptCheckpointSchema,
  ContentEntry: contentEntrySchema,
  IsoFacts: isoFactsSchema,
  CacheEntry: cacheEntrySchema,
  HostFinding: findingSchema,
};

/** All formats, as they are now. */
export async function readFormats(): Promise<readonly Format[]> {
  return [
    { name: "recipe", lines: describeSchema(recipeSchema) },
    { name: "steps-file", lines: describeSchema(stepsFileSchema) },
    { name: "matrix-file", lines: describeSchema(matrixFileSchema) },
    { name: "rules", lines: describeSchema(rulesFileSchema) },
    { name: "scenario", lines: describeSchema(scenarioSchema) },
    { name: "machine", version: 1, isClosed: true, lines: describeSchema(machineSchema) },
    { name: "plan", version: planVersion, isClosed: true, lines: describeSchema(planSchema) },
    kept("manifest", manifestFormat),
    kept("settings", settingsFormat),
    kept("build-record", buildRecordFormat),
    { name: "kept-checkpoint", version: 1, lines: describeSchema(keptRecordSchema) },
    { name: "session-description", lines: describeSchema(sessionDescriptionSchema) },
    { name: "events", version: sessionLogVersion, lines: describeTypes(["SessionEvent"]) },
    {
      name: "printed-json",
      lines: [...describeTypes(printedTypes), ...Object.entries(printedSchemas).flatMap(describePrinted)],
    },
    {
      name: "protocol-rules",
      lines: [...guestRules, ...serviceRules].map(({ id, kind }) => `${id}: ${kind}`),
    },
    { name: "commands", lines: (await allCommands()).flatMap(describeCommand) },
    {
      name: "exit-statuses",
      lines: Object.entries(exitStatus).map(([name, status]) => `${status}: ${name}`),
    },
    { name: "error-codes", lines: errorCodes },
  ];
}

function kept(name: string, { schema, migrations }: VersionedFormat<object>): Format {
  return { name, version: migrations.length, lines: describeSchema(schema) };
}

/** A reader may rely on a key that is always there, and on no limit of what it does not know. */
function describePrinted([name, schema]: readonly [string, z.ZodType]): readonly string[] {
  return describeSchema(schema)
    .filter((line) => !/ limits \{| only these keys$/.test(line))
    .map((line) => `${name} ${line.replace(/ \(required\)$/, " (always)")}`);
}

/** Without the names of arguments and values, which only people read. */
function describeCommand({
  name,
  command,
}: Awaited<ReturnType<typeof allCommands>>[number]): readonly string[] {
  const options = command.options.filter(({ hidden }) => !hidden);
  return [
    name,
    ...command.registeredArguments.map(
      ({ required, variadic }, index) =>
        `${name}: argument ${index + 1}${required ? "" : ", optional"}${variadic ? ", or more" : ""}`,
    ),
    ...options.map(({ flags }) => `${name} ${flags.replace(/[\w:.-]+(?=(?:\.\.\.)?[>\]])/, "VALUE")}`),
  ];
}
