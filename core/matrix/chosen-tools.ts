import { join, resolve } from "node:path";
import type { RebuildPlan } from "../../shared/contracts/plan.ts";
import { AppError } from "../../shared/errors/errors.ts";
import type { AxisValue } from "../../shared/matrix/axes.ts";
import type { MatrixTools } from "../../shared/matrix/matrix-schema.ts";
import type { GuestTools } from "../../shared/recipe/guest-tools.ts";
import type { ImageSet } from "../image-set/image-set.ts";
import { installation } from "../storage/installation.ts";
import { toolsPlace } from "./places.ts";
import type { ToolsUnit } from "./units.ts";

/** The name of the binary that a unit of guest tools makes, in its folder. */
export const toolsBinary = "guest-tools";

/** The guest tools of a cell. */
interface ChosenTools {
  /** Undefined for those of the recipe, which nothing builds. */
  readonly guestTools?: RebuildPlan["guestTools"];
  /** Builds them, if a command does. */
  readonly unit?: ToolsUnit;
}

/** @param chosen undefined for the recipe's. @throws AppError `invalid-recipe` for a version that no command builds */
export function chosenTools(set: ImageSet, chosen: AxisValue<MatrixTools> | undefined): ChosenTools {
  const { folder, recipe } = set;
  const { name = "recipe", value = null } = chosen ?? {};
  const version = typeof value === "string" ? value : undefined;
  const tools = typeof value === "object" && value ? value : recipe.guestTools;
  if (version !== undefined && !tools?.build) throw nothingBuilds(set, version);
  if (tools && !tools.build)
    return value === null ? {} : { guestTools: { binary: resolve(folder, tools.binary), run: tools.run } };
  if (!tools && "binary" in installation.guestTools) return {};
  const place = toolsPlace(set, value === null ? "recipe" : name);
  return {
    guestTools: { binary: join(place, toolsBinary), run: runOf(tools) },
    unit: {
      ...{
        name: `${set.name}/guest-tools-${value === null ? "recipe" : name}`,
        kind: "guest-tools",
        needs: [],
      },
      ...{ folder, tools, version, place },
    },
  };
}

/** The arguments of Tinsmith's own guest tools, which no recipe names. */
const runOf = (tools: GuestTools | undefined) => tools?.run ?? ["run"];

function nothingBuilds({ recipeFile }: ImageSet, version: string): AppError {
  return new AppError({
    code: "invalid-recipe",
    message: `no command builds the guest tools ${version}: the recipe ${recipeFile} has no guestTools.build`,
    advice:
      "Add guestTools to the recipe with a build command, which gets the version in the variable GUEST_TOOLS_VERSION.",
  });
}
