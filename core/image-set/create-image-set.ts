import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { defaultArchiveName, type Template } from "../../shared/library/library.ts";
import { excerpt } from "../../shared/text/excerpt.ts";
import { maximumNameBytes } from "../../shared/text/path-limits.ts";
import { makeFolder } from "../files/folders.ts";
import { installation } from "../storage/installation.ts";

const blankRecipe = `# How the images of this set are made: docs/recipes.md of Tinsmith has all keys.
size: 1
cd: [setup.sh]
done: "setup: done"
`;

const blankSetup = `#!/bin/sh
# Runs in the setup image, from the data CD beside guest-tools and start-guest-tools, and turns it into the worker image.
set -eu
here=$(dirname "$0")
# Put the two where the guest starts them at boot, then:
echo "setup: done" | "$here/guest-tools" post-log -
poweroff
`;

/** The names of its archives are made from the name of an image set. */
const maximumNameLength = maximumNameBytes - defaultArchiveName("", "worker").length;

/**
 * Makes an image set from a template: a folder in the workspace with a recipe and all that it names.
 *
 * @returns the folder.
 * @throws AppError `file-exists` when there is something of that name already, `usage` when no set can have it.
 */
export function createImageSet(workspace: string, name: string, template: Template): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || name.length > maximumNameLength)
    throw new AppError({
      code: "usage",
      message: `an image set can't be called "${excerpt(name)}"`,
      field: "name",
      advice: `Use up to ${maximumNameLength} letters, digits, dots, dashes and underscores, a letter or digit first.`,
    });
  const folder = join(workspace, name);
  if (existsSync(folder))
    throw new AppError({
      code: "file-exists",
      message: `${folder} already exists`,
      advice: "Choose another name.",
      field: "name",
    });
  if (template === "blank") makeBlank(folder);
  else copyTemplate(template, folder);
  return folder;
}

/** A set of ours may use files of another's: a copy has them all in its own folder. */
function copyTemplate(template: Template, folder: string): void {
  cpSync(join(installation.images, template), folder, { recursive: true, filter: isTemplateFile });
  const recipe = readFileSync(join(folder, "recipe.yaml"), "utf8");
  const foreign = /\.\.\/(\w+\/[\w.-]+)/g;
  for (const [, file = ""] of recipe.matchAll(foreign))
    cpSync(join(installation.images, file), join(folder, basename(file)));
  writeFileSync(
    join(folder, "recipe.yaml"),
    recipe.replaceAll(foreign, (_, file) => basename(file)),
  );
}

function makeBlank(folder: string): void {
  makeFolder(folder);
  writeFileSync(join(folder, "recipe.yaml"), blankRecipe);
  writeFileSync(join(folder, "machine.json"), `${JSON.stringify({ version: 1 }, null, 2)}\n`);
  writeFileSync(join(folder, "setup.sh"), blankSetup, { mode: 0o755 });
}

/** The name of the folder in an image set that has the archives of its matrix, and the setup images and guest tools that they share. */
export const matrixFolderName = "matrix";

/** Whether a path in the folder of a template belongs to it, not to the images built there and their manifests. */
export function isTemplateFile(path: string): boolean {
  if (basename(path) === matrixFolderName) return false;
  return !/\.tar\.(lz4|zst)(\.manifest\.json)?(\.partial|\.tinsmith-\w+)?$/.test(basename(path));
}
