import type { RebuildPlan } from "../../shared/contracts/plan.ts";
import type { UnitKind } from "../../shared/matrix/matrix-state.ts";
import type { GuestTools } from "../../shared/recipe/guest-tools.ts";

/** A thing that is built once. */
interface Unit {
  /** `SET/NAME` of a cell; of another unit, with its kind. */
  readonly name: string;
  readonly kind: UnitKind;
  /** The names of the units that are built before. */
  readonly needs: readonly string[];
}

/** An image that is built by a plan: the unit of work that an engine places. */
export interface ImageUnit extends Unit {
  readonly kind: "setup" | "cell";
  readonly plan: RebuildPlan;
  /** The archive that the plan writes. */
  readonly output: string;
  /** MiB of the virtual machine. */
  readonly memory: number;
  /** Processors of the virtual machine, as far as the machine definition asks for some. */
  readonly cores: number;
}

/** Guest tools that several cells share, and that a command builds on this host. */
export interface ToolsUnit extends Unit {
  readonly kind: "guest-tools";
  /** The folder of the image set. */
  readonly folder: string;
  /** Undefined for Tinsmith's own. */
  readonly tools: GuestTools | undefined;
  /** The version that the command is to build. */
  readonly version?: string | undefined;
  /** The folder that the binary is copied to. */
  readonly place: string;
}

export type MatrixUnit = ImageUnit | ToolsUnit;
