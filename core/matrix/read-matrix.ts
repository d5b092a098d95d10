import { basename, dirname, join, resolve } from "node:path";
import { nameOfFolder } from "../../shared/matrix/axes.ts";
import type { FilteredCell } from "../../shared/matrix/cell-filter.ts";
import { type CellValues, cellName, expandMatrix } from "../../shared/matrix/expand-matrix.ts";
import { invalidMatrix, parseMatrixFile } from "../../shared/matrix/matrix-file.ts";
import { type Matrix, type MatrixFile, matrixSchema } from "../../shared/matrix/matrix-schema.ts";
import { maximumCells } from "../../shared/matrix/selection-issues.ts";
import { maximumRecipeBytes } from "../../shared/recipe/recipe.ts";
import { byteLength, maximumNameBytes } from "../../shared/text/path-limits.ts";
import { requireRegularFile, statusOf } from "../files/regular-file.ts";
import { readTextFile } from "../files/text-file.ts";
import { type ImageSet, readImageSet } from "../image-set/image-set.ts";
import { matrixFolder } from "./places.ts";

/** The file of a matrix of several image sets. */
export const matrixFileName = "matrix.yaml";

/** A worker image of a matrix. */
export interface MatrixCell extends FilteredCell {
  readonly imageSet: ImageSet;
  /** The path of its archive. */
  readonly output: string;
}

/** The cells of a matrix, and the file that has it. */
export interface ReadMatrix {
  readonly path: string;
  readonly cells: readonly MatrixCell[];
}

/**
 * Reads a matrix: that of an image set's recipe, or that of a matrix.yaml. A recipe without a matrix has one cell.
 *
 * @param place an image set's folder, a folder with a matrix.yaml, or one of these files
 * @throws AppError `invalid-recipe` also when two cells have one name; as `readImageSet`
 */
export function readMatrix(place: string): ReadMatrix {
  const isFile = place.endsWith(".yaml");
  const inFolder = join(place, matrixFileName);
  if (isFile ? basename(place) !== matrixFileName : !statusOf(inFolder)?.isFile()) {
    const set = readImageSet(place);
    return withoutConflicts({ path: set.recipeFile, cells: cellsOf(set, set.recipe.matrix) });
  }
  const path = resolve(isFile ? place : inFolder);
  requireRegularFile(path, { advice: "Check the path: a matrix is in a recipe.yaml or a matrix.yaml." });
  const text = readTextFile(path, { maximumBytes: maximumRecipeBytes, code: "invalid-recipe" });
  const file = parseMatrixFile(text, path);
  const cells = file.sets.flatMap((folder) =>
    cellsOfFile(readImageSet(resolve(dirname(path), folder)), file),
  );
  return withoutConflicts({ path, cells });
}

/** The cells of one of the sets of a file. A file without axes leaves them to the recipes of its sets. */
function cellsOfFile(set: ImageSet, { sets, ...file }: MatrixFile): readonly MatrixCell[] {
  const { exclude, include, ...axes } = file;
  const hasAxes = Object.values(axes).some((axis) => axis !== undefined);
  const axesOf: Matrix = hasAxes ? file : { ...matrixOf(set), exclude, include };
  return cellsOf(set, axesOf, (selected) => selected === undefined || `${selected}` === set.name);
}

function matrixOf({ recipe }: ImageSet): Matrix {
  return recipe.matrix ?? matrixSchema.parse({});
}

function cellsOf(
  set: ImageSet,
  matrix: Matrix = matrixSchema.parse({}),
  isOfSet: (selected: string | number | undefined) => boolean = () => true,
): readonly MatrixCell[] {
  return expandMatrix(matrix, ({ set: selected }) => isOfSet(selected)).map((values) => cellOf(set, values));
}

function cellOf(imageSet: ImageSet, values: CellValues): MatrixCell {
  const name = cellName(values);
  const [, ending] = /(\.tar\.\w+)$/.exec(imageSet.workerImage) ?? [];
  return {
    ...{ name: `${imageSet.name}/${name}`, set: imageSet.name, imageSet, values },
    output: join(matrixFolder(imageSet), `${name}${ending}`),
  };
}

function withoutConflicts(matrix: ReadMatrix): ReadMatrix {
  const { path, cells } = matrix;
  const issues: string[] = [];
  if (cells.length > maximumCells) issues.push(`it has ${cells.length} cells; there may be ${maximumCells}`);
  const names = new Set<string>();
  for (const { name, output } of cells) {
    if (names.has(name)) issues.push(`two cells are called ${name}: give their values other names`);
    names.add(name);
    if (byteLength(nameOfFolder(output)) > maximumArchiveName) issues.push(`the name ${name} is too long`);
  }
  if (issues.length > 0) throw invalidMatrix(path, issues.slice(0, shownIssues));
  return matrix;
}

/** Bytes of an archive's name: the name of its manifest, and of a file that is being written, is longer. */
const maximumArchiveName = maximumNameBytes - 40;
const shownIssues = 100;
