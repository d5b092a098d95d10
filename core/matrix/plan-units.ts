import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { makePlan } from "../../shared/contracts/plan.ts";
import { limits } from "../../shared/limits.ts";
import type { CellValues } from "../../shared/matrix/expand-matrix.ts";
import { readMachineFile } from "../image/read-machine.ts";
import type { ImageSet } from "../image-set/image-set.ts";
import { chosenTools } from "./chosen-tools.ts";
import { setupPlace } from "./places.ts";
import type { MatrixCell } from "./read-matrix.ts";
import type { ImageUnit, MatrixUnit, ToolsUnit } from "./units.ts";

/**
 * Plans the builds of cells: first those of the setup images and guest tools that they share, each once, then a worker image for
 * each cell.
 *
 * @throws AppError `invalid-recipe` for a version of guest tools that no command builds
 */
export function planUnits(cells: readonly MatrixCell[]): readonly MatrixUnit[] {
  const tools = new Map<string, ToolsUnit>();
  const setups = new Map<string, ImageUnit>();
  const machines = new Map<string, Resources>();
  const resourcesOf = (set: ImageSet, { machine }: CellValues) => {
    const file = resolve(set.folder, machine?.value ?? set.recipe.machine);
    const resources = machines.get(file) ?? definedResources(file);
    machines.set(file, resources);
    return resources;
  };
  const workers = cells.map((cell): ImageUnit => {
    const { imageSet: set, values, output, name } = cell;
    const resources = resourcesOf(set, values);
    const chosen = chosenTools(set, values.guestTools);
    const needs: string[] = [];
    if (chosen.unit) {
      tools.set(chosen.unit.name, chosen.unit);
      needs.push(chosen.unit.name);
    }
    const setup = setupUnit(set, values, resources);
    const known = setups.get(setup.output) ?? setup;
    // The set's own setup image may have been installed by hand: it is used as it is.
    if (known.plan.output !== undefined || !existsSync(known.output)) {
      setups.set(known.output, known);
      needs.push(known.name);
    }
    const plan = makePlan({
      ...{ kind: "rebuild", image: "worker", folder: set.folder, cold: true },
      ...{ output, setupImage: known.output, guestTools: chosen.guestTools, memory: values.memory?.value },
    });
    return {
      name,
      kind: "cell",
      needs,
      plan,
      output,
      ...resources,
      ...(plan.memory && { memory: plan.memory }),
    };
  });
  return [...tools.values(), ...setups.values(), ...workers];
}

/** The setup image of a cell: the set's own if its values are those of the recipe. */
function setupUnit(set: ImageSet, values: CellValues, resources: Resources): ImageUnit {
  const { folder, recipe } = set;
  const machine = values.machine && resolve(folder, values.machine.value);
  const isOther = {
    machine: machine !== undefined && machine !== resolve(folder, recipe.machine),
    size: values.size !== undefined && values.size.value !== recipe.size,
    variables: Object.entries(values.variables?.value ?? {}).some(
      ([name, value]) => recipe.variables[name] !== value,
    ),
  };
  const names = (["machine", "size", "variables"] as const).flatMap((axis) =>
    isOther[axis] ? (values[axis]?.name ?? []) : [],
  );
  const name = names.join("-");
  const output = name === "" ? set.setupImage : setupPlace(set, name);
  const plan = makePlan({
    ...{ kind: "rebuild", image: "setup", folder, cold: true },
    ...(name !== "" && { output }),
    ...(isOther.machine && { machine }),
    ...(isOther.size && { size: values.size?.value }),
    ...(isOther.variables && { variables: values.variables?.value }),
  });
  const title = [`${set.name}/setup`, ...names].join("-");
  return { name: title, kind: "setup", needs: [], plan, output, ...resources };
}

type Resources = Pick<ImageUnit, "memory" | "cores">;

/** The resources that a machine definition asks for, or the usual; its build tells if it can't be read. */
function definedResources(file: string): Resources {
  try {
    const { memory = limits.usualMemory, sockets = 1, cores = 1, threads = 1 } = readMachineFile(file);
    return { memory, cores: sockets * cores * threads };
  } catch {
    return { memory: limits.usualMemory, cores: 1 };
  }
}
