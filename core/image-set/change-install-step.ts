import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isNode, stringify } from "yaml";
import { z } from "zod";
import { AppError } from "../../shared/errors/errors.ts";
import { type InstallStep, installStepSchema } from "../../shared/recipe/install-step.ts";
import { parseYaml } from "../../shared/text/yaml-text.ts";
import { readSetFile, saveSetFile } from "./edit-set-file.ts";
import { moveStep } from "./move-step.ts";

/** A change of an install step. */
interface StepChange {
  readonly index: number;
  /** The step as the build has read it. */
  readonly before: InstallStep;
  readonly step: InstallStep;
  /** The folder at which the relative paths of both start: that of the recipe. */
  readonly folder: string;
}

/**
 * Writes a changed install step into a recipe or a steps file, whose other lines and comments stay as they are.
 *
 * @param path of the recipe or steps file
 * @throws AppError `file-changed` when the file has another step there now; as `saveSetFile`
 */
export async function changeInstallStep(
  path: string,
  { index, before, step, folder }: StepChange,
): Promise<void> {
  const file = readSetFile(path);
  const { document, value } = parseYaml(file?.text ?? "");
  const now = stepIn(value, index);
  const isSame = now && isDeepStrictEqual(moveStep(now, dirname(path), folder), before);
  if (!file || !document || !isSame) throw stepChanged(path, index);
  const node = document.getIn(["install", index], true);
  const [start, end] = (isNode(node) && node.range) || [];
  if (start === undefined || end === undefined) throw stepChanged(path, index);
  // The rest of the text stays as a person has written it.
  const moved = moveStep(step, folder, dirname(path));
  const changed = stringify(moved, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
  const old = file.text.slice(start, end).trimEnd();
  const text = file.text.slice(0, start) + changed + file.text.slice(start + old.length);
  await saveSetFile(path, { text, replaces: file.digest });
}

function stepIn(content: unknown, index: number): InstallStep | undefined {
  const { data } = z.object({ install: z.array(z.unknown()) }).safeParse(content);
  return installStepSchema.safeParse(data?.install[index]).data;
}

function stepChanged(path: string, index: number): AppError {
  return new AppError({
    code: "file-changed",
    message: `${path} has another install step ${index + 1} than the one that is being done`,
    advice: "Change the step there, and build again.",
  });
}
