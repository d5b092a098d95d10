import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { digestFile, digestText } from "../../core/files/digest.ts";
import { extractArchive } from "../../core/image/archive/extract-archive.ts";
import { readMachineFile } from "../../core/image/read-machine.ts";
import { temporaryFolder } from "../../core/image/test-fixtures.ts";
import { parseRecording } from "../../core/install-recorder/cast/recording.ts";
import { readManifest } from "../../core/manifest/manifest-file.ts";
import { newHome } from "../../core/session/serve/test-session.ts";
import { readSessionLog } from "../../core/session-record/session-log-reader.ts";
import { listKept, planFromKept } from "../../core/states/kept-checkpoints.ts";
import { keptRecordName } from "../../core/states/state-store.ts";
import { cacheEntriesFolder } from "../../core/storage/paths.ts";
import { readSettings } from "../../core/storage/settings-store.ts";
import { parsePlan } from "../../shared/contracts/plan.ts";
import { parseRecipe } from "../../shared/recipe/recipe.ts";
import { parseStepsFile } from "../../shared/recipe/steps-file.ts";
import { parseRules } from "../../shared/rules/rules-file.ts";
import { parseScenario } from "../../shared/scenario/scenario-file.ts";
import {
  type BuildEvent,
  buildEventTypes,
  initialBuildState,
  reduceBuild,
} from "../../shared/session/build.ts";
import { initialRunState, isRunEvent, reduceRun } from "../../shared/session/run.ts";

type Read = (path: string) => unknown;
const readText = (path: string) => readFileSync(path, "utf8");

/** Reads a kept file as Tinsmith does: a function for each kind of file, by the end of its name. */
export const readers: readonly (readonly [end: string, Read])[] = [
  [".tar.lz4", readImage],
  [".tar.zst", readImage],
  [".manifest.json", (path) => readManifest(path.replace(".manifest.json", ""))],
  [".cast", (path) => parseRecording(readText(path), path)],
  [".steps.yaml", (path) => parseStepsFile(readText(path), path)],
  ["rules.yaml", (path) => parseRules(readText(path))],
  ["scenario.yaml", (path) => parseScenario(readText(path), path)],
  [".yaml", (path) => parseRecipe(readText(path))],
  ["plans.json", (path) => JSON.parse(readText(path)).map(readPlan)],
  ["settings.json", (path) => readSettings({ ...newHome(), settings: path })],
  ["checkpoint.json", readCheckpoint],
  ["build-events.jsonl", readBuild],
  [
    "run-events.jsonl",
    async (path) => (await readEvents(path)).filter(isRunEvent).reduce(reduceRun, initialRunState),
  ],
  [".json", readMachineFile],
];

/** The files of an archive, by their digests, and its machine definition. */
async function readImage(archive: string): Promise<unknown> {
  await using folder = await temporaryFolder();
  const target = join(folder.path, "image");
  const { machine, notes } = await extractArchive({ archive, folder: target });
  const names = (await readdir(target)).sort();
  const digests = await Promise.all(names.map((name) => digestFile(join(target, name))));
  return { files: Object.fromEntries(names.map((name, index) => [name, digests[index]])), machine, notes };
}

/** The version of a plan is that of the Tinsmith that performs it. */
function readPlan(data: unknown): object {
  const { version: _, ...plan } = parsePlan(data);
  return plan;
}

async function readEvents(path: string) {
  return (await Array.fromAsync(readSessionLog(path))).flat();
}

async function readBuild(path: string): Promise<unknown> {
  const events = (await readEvents(path)).filter(({ type }) => buildEventTypes.has(type));
  return (events as readonly BuildEvent[]).reduce(reduceBuild, initialBuildState);
}

/** A kept checkpoint, without its memory and disk. */
async function readCheckpoint(path: string): Promise<unknown> {
  const paths = newHome();
  const folder = join(cacheEntriesFolder(paths, "checkpoint"), digestText(readText(path)).slice(0, 40));
  mkdirSync(folder, { recursive: true });
  copyFileSync(path, join(folder, keptRecordName));
  const [kept] = await listKept(paths);
  if (!kept) throw new Error(`${path} is not read as a kept checkpoint`);
  const { size: _, ...facts } = kept;
  return { facts, plan: readPlan(planFromKept(paths, kept.name)) };
}
